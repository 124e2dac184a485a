"""Claim codes 查询码: how one is stored (never itself), and which cases a browser has opened by one.

What a browser may see by claim codes lies in the browser, in a signed cookie: kept in its session it would stand in the database
beside the name of whoever is signed in there, and say who reported without a name (privacy: who is anonymous stays so).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from gongzhi.kernel import codes, crypto

COOKIE = "gz_claims"
SALT = "cases.claims"
MOST = 50
"""Cases one browser keeps; the oldest goes first."""


def claim_index(claim: str) -> str:
    """The blind index of a claim code as typed."""
    return crypto.blind_index(codes.normalise(claim), "case.claim")


@dataclass(slots=True)
class Claims:
    """What this browser holds: ids of cases, and claim codes that are still to be read on the page that follows (code -> claim)."""

    cases: list[int] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    is_changed: bool = False

    def add(self, case_id: int) -> None:
        self.cases = [*[pk for pk in self.cases if pk != case_id][1 - MOST :], case_id]
        self.is_changed = True

    def show(self, code: str, claim: str) -> None:
        """Keep the claim code of the case just reported, so that its page can show it; the one before is forgotten."""
        self.shown, self.is_changed = {code: claim}, True

    def clear(self) -> None:
        self.cases, self.shown, self.is_changed = [], {}, True


def claims_of(request: Any) -> Claims:
    """The claims of this request's browser; none where the middleware has not been."""
    found: Claims = getattr(request, "gz_claims", None) or Claims()
    return found


class ClaimsMiddleware:
    """Reads the cookie before the view and writes it after, when something changed. Signing out takes it away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        claims = _read(request.COOKIES.get(COOKIE, ""))
        request.gz_claims = claims  # type: ignore[attr-defined]
        response = self.get_response(request)
        if claims.is_changed:
            _write(response, claims)
        return response


def _read(text: str) -> Claims:
    try:
        held = signing.loads(text, salt=SALT, max_age=settings.SESSION_COOKIE_AGE) if text else {}
    except signing.BadSignature:
        held = {}
    return Claims(list(held.get("c", ())), dict(held.get("s", {})))


def _write(response: HttpResponseBase, claims: Claims) -> None:
    if not claims.cases and not claims.shown:
        response.delete_cookie(COOKIE)
        return
    value = signing.dumps({"c": claims.cases, "s": claims.shown}, salt=SALT, compress=True)
    response.set_cookie(
        COOKIE, value, max_age=settings.SESSION_COOKIE_AGE, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def forget(sender: Any, request: Any, **_more: Any) -> None:
    """Who signs out at a shared computer leaves nothing behind."""
    claims_of(request).clear()


def register() -> None:
    """Called once by the room's AppConfig."""
    user_logged_out.connect(forget, dispatch_uid="cases.claims.forget")
