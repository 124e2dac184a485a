"""What every page knows. Each value is worked out only when a template asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from gongzhi.kernel import notices
from gongzhi.web import navigation
from gongzhi.web.htmx import wants_part

ELDER_COOKIE = "gz_elder"


def web(request: HttpRequest) -> dict[str, Any]:
    """Context of all pages; listed in docs/components.md."""
    desk = SimpleLazyObject(lambda: navigation.links(request, navigation.DESK))
    return {
        "site_name": getattr(settings, "GONGZHI_SITE_NAME", "") or _("共治"),
        "demo": bool(getattr(settings, "GONGZHI_DEMO", False)),
        "elder": _elder(request),
        "fragment_or": "web/base_fragment.html" if wants_part(request) else "",
        "nav_area": SimpleLazyObject(lambda: navigation.phone_area(request)),
        "nav": SimpleLazyObject(lambda: navigation.links(request, navigation.phone_area(request))),
        "desk_nav": desk,
        "has_desk": SimpleLazyObject(lambda: bool(desk)),
        "desk_url": SimpleLazyObject(lambda: next((link.url for link in desk), "/")),
        "search_url": _address("cases:inbox"),
        "notices_url": _address("web:notices"),
        "logout_url": _address("account_logout"),
        "unread": SimpleLazyObject(_unread(request)),
    }


def _elder(request: HttpRequest) -> bool:
    """What this device was told, else what the person keeps."""
    told = request.COOKIES.get(ELDER_COOKIE)
    return told == "1" if told else bool(getattr(getattr(request, "user", None), "elder_mode", False))


def _address(name: str) -> Any:
    return SimpleLazyObject(lambda: navigation.address(name) or "")


def _unread(request: HttpRequest) -> Callable[[], int]:
    def count() -> int:
        user = getattr(request, "user", None)
        return notices.unread_count(user) if user is not None and user.is_authenticated else 0

    return count
