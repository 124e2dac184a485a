"""A refusal of an action becomes a page, or a toast when only a part was asked for; an API answers for itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
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
        """Pass on; a wrong method gets words too."""
        response = self.get_response(request)
        if response.status_code != 405:
            return response
        told = error_page(request, 405, _("这里不能这样打开"), _("请返回上一页，用页面上的按钮再办一次。"))
        told["Allow"] = response["Allow"]
        return told

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


class CleanCookiesMiddleware:
    """Stands before the sessions: a cookie in quotes can carry a zero character, and no database finds a session by that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Such a cookie is none of ours: pass on without it."""
        if any(ZERO in value for value in request.COOKIES.values()):
            request.COOKIES = {name: value for name, value in request.COOKIES.items() if ZERO not in value}
        return self.get_response(request)


class CleanInputMiddleware:
    """No zero character reaches a view: no database column takes it, and nobody typed it.

    In an address it names nothing; from the words of a query or a form it is left out. JSON bodies are checked by their actions.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on what is clean."""
        if ZERO in request.path_info:
            return error_page(request, 404, _("没有找到"), _("没有找到。请核对编号，或返回上一页重新查找。"))
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _without_zero(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Forms are read late: an upload that a view takes in pieces is left alone until then."""
        if request.method == "POST" and request.content_type in FORMS and any(ZERO in value for _key, value in _pairs(request.POST)):
            request.POST = _without_zero(request.POST)  # type: ignore[assignment]


ZERO = chr(0)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def _pairs(given: QueryDict) -> Iterator[tuple[str, str]]:
    return ((key, str(value)) for key, values in given.lists() for value in values)


def _without_zero(given: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True)
    for key, value in _pairs(given):
        clean.appendlist(key.replace(ZERO, ""), value.replace(ZERO, ""))
    clean._mutable = False
    return clean


def toast(text: str, *, tone: str = "good", status: int = 204) -> HttpResponse:
    """An answer to htmx that changes nothing on the page and says one sentence."""
    response = HttpResponse(status=status)
    response["HX-Reswap"] = "none"
    response["HX-Trigger"] = json.dumps({"gz:toast": {"text": text, "tone": tone}})
    return response
