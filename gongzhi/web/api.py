"""/api/v1/: the rooms' routers under one OpenAPI document, its docs page served from disk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from gongzhi.cases.api import router as cases_router
from gongzhi.kernel.errors import DomainError

api = NinjaAPI(title="Gongzhi 共治", version="1", urls_namespace="api", docs_url="docs", openapi_url="openapi.json")
api.add_router("", cases_router)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: Any) -> HttpResponse:
    """A refusal as `{"code", "message", "field"}` with its own status; the message can be acted on."""
    body = {"code": error.code, "message": error.message, "field": error.field}
    return api.create_response(request, body, status=error.status)
