"""Who calls: a personal token of the right scope."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from gongzhi.community.actors import Actor
from gongzhi.community.callers import caller_of
from gongzhi.kernel.errors import NotAllowed


class TokenAuth(HttpBearer):
    """`Authorization: Bearer gz_…` with one scope; the actor is put on the request. One statement."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        caller = caller_of(token)
        if caller is None:
            return None
        if self.scope not in caller.scopes:
            raise NotAllowed(_("这个令牌没有“%(scope)s”权限。请在“我的”页面另建一个。") % {"scope": self.scope})
        request.user = caller.user
        request.actor = caller.actor  # type: ignore[attr-defined]
        return caller


def actor(request: HttpRequest) -> Actor:
    """The actor the token acts for."""
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found
