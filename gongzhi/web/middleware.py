"""A refusal of an action becomes a page, or a toast when only a part was asked for; an API answers for itself."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from gongzhi.kernel.errors import DomainError
from gongzhi.web.htmx import wants_part
from gongzhi.web.views.errors import error_page


class RefusalMiddleware:
    """Turns a ``DomainError`` that a view let through into words on the screen, with its own status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only refusals; anything else is a fault and goes on to the 500 page."""
        if not isinstance(exception, DomainError):
            return None
        if wants_part(request):
            return toast(exception.message, tone="bad", status=exception.status)
        back = request.META.get("HTTP_REFERER", "")
        own = back.startswith(f"{request.scheme}://{request.get_host()}/")
        again = {"retry": back, "retry_label": _("返回上一页")} if own else {}
        return error_page(request, exception.status, _("这一步没有办成"), exception.message, **again)


def toast(text: str, *, tone: str = "good", status: int = 204) -> HttpResponse:
    """An answer to htmx that changes nothing on the page and says one sentence."""
    response = HttpResponse(status=status)
    response["HX-Reswap"] = "none"
    response["HX-Trigger"] = json.dumps({"gz:toast": {"text": text, "tone": tone}})
    return response
