"""Who calls: a personal token of the right scope."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from gongzhi.community.actors import Actor
from gongzhi.community.callers import caller_of
from gongzhi.kernel.errors import NotAllowed


class TokenAuth(HttpBearer):
    """`Authorization: Bearer gz_…` with any one of these scopes; the actor is put on the request. One statement."""

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        caller = caller_of(token)
        if caller is None:
            return None
        if "Accept-Language" not in request.headers:
            translation.activate(caller.user.locale)
        if caller.scopes.isdisjoint(self.scopes):
            raise NotAllowed(_("这个令牌没有“%(scope)s”权限。请在“我的”页面另建一个。") % {"scope": " / ".join(self.scopes)})
        request.user = caller.user
        request.actor = caller.actor  # type: ignore[attr-defined]
        return caller


def actor(request: HttpRequest) -> Actor:
    """The actor the token acts for."""
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found
