"""What a user sets for himself."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.accounts.models import User
from gongzhi.kernel import audit
from gongzhi.kernel.errors import DomainError


@transaction.atomic
def set_preferences(*, by: User, display_name: str, locale: str, elder_mode: bool) -> None:
    """The name one is greeted by, language and elder mode."""
    if locale not in dict(settings.LANGUAGES):
        raise DomainError(_("请从列表里选语言。"), field="locale")
    by.display_name, by.locale, by.elder_mode = display_name.strip()[:40], locale, elder_mode
    by.save(update_fields=["display_name", "locale", "elder_mode"])
    audit.record(verb="user.preferences", obj=by, by=by.pk, facts={"locale": locale, "elder_mode": elder_mode})
