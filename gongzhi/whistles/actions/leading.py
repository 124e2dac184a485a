"""双指挥长 and 下沉干部: who leads together, and whom they direct (mission.md 7)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.accounts.models import User
from gongzhi.community.actors import Actor
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.flow.tables import Saying
from gongzhi.whistles.actions.moves import move, tell
from gongzhi.whistles.models import Leading, Whistle, WhistleStep

Part = Leading.Part


@transaction.atomic
def name_leads(*, whistle: Whistle, by: Actor, street: User, community: User) -> WhistleStep:
    """A member of the street's committee and the community's secretary lead together; who led before does no longer."""
    if street.pk == community.pk:
        raise DomainError(_("双指挥长是两个人，请分别选。"), field="community")
    step = move(whistle, "name_leads", by=by, say=Saying(data={"leads": [street.pk, community.pk]}))
    now = clock.now()
    whistle.leading.filter(part__in=(Part.STREET, Part.COMMUNITY), until=None).update(until=now)
    for user, part in ((street, Part.STREET), (community, Part.COMMUNITY)):
        _take(whistle, user, part)
    tell(whistle, step, "whistle.lead", [street.pk, community.pk])
    return step


@transaction.atomic
def send_down(*, whistle: Whistle, by: Actor, user: User, task: str) -> WhistleStep:
    """An official sent down takes something on in this matter, directed by its leads."""
    step = move(whistle, "send_down", by=by, say=Saying(note=task))
    _take(whistle, user, Part.SENT_DOWN, task)
    tell(whistle, step, "whistle.lead", [user.pk])
    return step


def _take(whistle: Whistle, user: User, part: Part, task: str = "") -> None:
    try:
        with transaction.atomic():
            Leading.objects.create(whistle=whistle, user=user, part=part, task=task[:200], since=clock.now())
    except IntegrityError:
        raise DomainError(_("这个人已经在这件事里了。"), field="user") from None
