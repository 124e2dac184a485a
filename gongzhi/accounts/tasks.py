"""What is forgotten by itself: phone codes, sessions that have ended."""

from __future__ import annotations

from django.contrib.sessions.models import Session

from gongzhi.accounts.phone_codes import forget_old_codes
from gongzhi.kernel import clock
from gongzhi.kernel.tasks import periodic


@periodic(seconds=3600)
def forget_sign_ins() -> int:
    """Rows that open nothing any more; how many."""
    return forget_old_codes() + Session.objects.filter(expire_date__lt=clock.now()).delete()[0]
