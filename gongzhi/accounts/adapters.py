"""What we tell allauth and axes: where a request comes from, and that secrets are kept encrypted."""

from __future__ import annotations

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from gongzhi.kernel import crypto

MFA_CONTEXT = "mfa.authenticator"


def client_ip(request: HttpRequest, *_args: Any) -> str:
    """The caller's address, counted from the right past our own proxies (GONGZHI_PROXIES): what stands further left is hearsay.

    A local socket has no address; all its callers count as one.
    """
    stations = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.GONGZHI_PROXIES <= len(stations) and _is_address(stations[-settings.GONGZHI_PROXIES]):
        return str(stations[-settings.GONGZHI_PROXIES])
    return str(request.META.get("REMOTE_ADDR") or "127.0.0.1")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Nobody signs up by name and password."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """Secrets of second factors are sealed like phones."""

    def encrypt(self, text: str) -> str:
        return crypto.seal(text, MFA_CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(encrypted_text, MFA_CONTEXT)
