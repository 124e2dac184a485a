"""Personal tokens: shown once, kept as a digest, narrow in scope, found in one statement."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.accounts.models import SCOPES, ApiToken, User
from gongzhi.kernel import audit, clock
from gongzhi.kernel.errors import DomainError, Missing

PREFIX: Final = "gz_"
LONGEST: Final = dt.timedelta(days=366)
MOST: Final = 20


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
    if ApiToken.objects.filter(user=by, revoked_at=None).count() >= MOST:
        raise DomainError(_("您的令牌太多了，请先停用不用的。"))
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
    """End a token at once: one's own, or as the system's administrator anybody's."""
    token = ApiToken.objects.filter(pk=token_id, revoked_at=None).first()
    if token is None or not may_end(by, token):
        raise Missing(_("没有找到这个令牌，可能已经停用。"))
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
        audit.record(verb="token.revoke", obj=token, by=by.pk, facts={})


def may_end(by: User, token: ApiToken) -> bool:
    """Its owner, and the system's administrator."""
    return token.user_id == by.pk or by.is_superuser
