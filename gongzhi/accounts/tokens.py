"""Personal tokens: shown once, kept as a digest, narrow in scope, found in one statement."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.accounts.models import ApiToken, User
from gongzhi.kernel import audit, clock
from gongzhi.kernel.errors import DomainError, Missing

SCOPES: Final = {
    "cases:read": gettext_lazy("查看我能看到的诉求"),
    "cases:write": gettext_lazy("提交诉求"),
    "cases:act": gettext_lazy("以我的岗位办理诉求"),
}
PREFIX: Final = "gz_"
LONGEST: Final = dt.timedelta(days=366)


def digest_of(raw: str) -> str:
    """How a token is stored: 256 random bits need no salt."""
    return hashlib.sha256(raw.encode()).hexdigest()


@transaction.atomic
def create_token(*, by: User, name: str, scopes: Iterable[str], days: int = 90) -> tuple[ApiToken, str]:
    """A new token of the user's own; the second value is the secret, shown this once."""
    wanted = sorted(set(scopes))
    if not name.strip():
        raise DomainError(_("请写明这个令牌做什么用。"), field="name")
    if not wanted or not set(wanted) <= SCOPES.keys():
        raise DomainError(_("请至少勾选一项权限。"), field="scopes")
    if not 1 <= days <= LONGEST.days:
        raise DomainError(_("有效期最长一年。"), field="days")
    raw = PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    token = ApiToken.objects.create(
        user=by,
        name=name.strip()[:60],
        digest=digest_of(raw),
        prefix=raw[:8],
        scopes=wanted,
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    audit.record(verb="token.create", obj=token, by=by.pk, facts={"scopes": wanted})
    return token, raw


@transaction.atomic
def revoke_token(*, by: User, token_id: int) -> None:
    """End one of the user's own tokens at once."""
    token = ApiToken.objects.filter(pk=token_id, user=by, revoked_at=None).first()
    if token is None:
        raise Missing(_("没有找到这个令牌，可能已经停用。"))
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    audit.record(verb="token.revoke", obj=token, by=by.pk, facts={})
