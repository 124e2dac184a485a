"""GeoReport v2: discovery, services, definitions, requests, tokens. GETs need no key; filing does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.open311.answers import FORMS, answer, refuse
from gongzhi.cases.open311.filing import file_request
from gongzhi.cases.open311.listing import list_requests, public_request
from gongzhi.cases.open311.rows import definition_row, request_row, service_row
from gongzhi.kernel.errors import DomainError

REQUESTS = ("service_requests", "request")
CHANGED = "2026-11-23T00:00:00+08:00"


def _origin(request: HttpRequest) -> str:
    return settings.SITE_ORIGIN or f"{request.scheme}://{request.get_host()}"


def _known(form: str) -> HttpResponse | None:
    return None if form in FORMS else refuse("json", 404, _("只提供 json 和 xml 两种格式。"))


@require_GET
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Where the endpoints are and in which forms they answer."""
    if unknown := _known(form):
        return unknown
    base = _origin(request) + reverse("open311:services", args=["json"]).removesuffix("/services.json")
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": base,
        "changeset": CHANGED,
        "type": "test" if settings.GONGZHI_DEMO else "production",
        "formats": ["application/json", "text/xml"],
    }
    return answer(
        form,
        {
            "changeset": CHANGED,
            "contact": _("请联系本地的运行管理员。"),
            "key_service": _("个人令牌在“我的”页面里申请。"),
            "endpoints": [endpoint],
        },
        "discovery",
        "",
    )


@require_GET
def services(request: HttpRequest, form: str) -> HttpResponse:
    """All categories that can be reported."""
    if unknown := _known(form):
        return unknown
    held = catalogue()
    return answer(form, [service_row(leaf, bool(held.attributes_of(leaf.pk))) for leaf in held.leaves()], "services", "service")


@require_GET
def definition(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """What is asked for one category."""
    if unknown := _known(form):
        return unknown
    category = catalogue().by_code.get(code)
    if category is None or not category.is_active:
        return refuse(form, 404, _("没有这个类别：%(code)s。请先读 services。") % {"code": code})
    return answer(form, definition_row(category), "service_definition", "")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """List public requests, or file one."""
    if unknown := _known(form):
        return unknown
    try:
        if request.method == "POST":
            return answer(form, [file_request(request)], *REQUESTS, status=201)
        return answer(form, [_row(request, case) for case in list_requests(request.GET)], *REQUESTS)
    except DomainError as error:
        return refuse(form, error.status if error.status in (403, 404) else 400, error.message)


@require_GET
def one_request(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """One public request, in an array of one."""
    if unknown := _known(form):
        return unknown
    try:
        return answer(form, [_row(request, public_request(code))], *REQUESTS)
    except DomainError as error:
        return refuse(form, 404, error.message)


@require_GET
def token(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """We answer with an id at once, so a token is that id."""
    if unknown := _known(form):
        return unknown
    try:
        case = public_request(token)
    except DomainError as error:
        return refuse(form, 404, error.message)
    return answer(form, [{"service_request_id": case.code, "token": token}], *REQUESTS)


def _row(request: HttpRequest, case: Any) -> dict[str, Any]:
    row = request_row(case)
    if request.GET.get("extensions") == "true":
        row["extended_attributes"] = {"state": case.state, "channel": case.channel, "late": case.is_late}
    return row
