"""/api/v1/: the rooms' routers under one OpenAPI document; every refusal is a sentence; the docs page is our own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser

from gongzhi.cases.api import routers
from gongzhi.kernel.errors import DomainError
from gongzhi.web.api_docs import PlainDocs
from gongzhi.web.api_document import Document
from gongzhi.web.api_errors import invalid, problem


class StrictParser(Parser):
    """JSON as its standard says: no NaN, no lone half of a character; and no zero character, which no column keeps."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Raises ValueError, which the API answers with 400."""
        found: dict[str, Any] = orjson.loads(request.body)
        if b"\\u0000" in request.body and any("\0" in text for text in _texts(found)):
            raise ValueError("zero character")
        return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


class Api(NinjaAPI):
    """Ninja with our document and plain names of its calls."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`list_cases`, as in our own addresses."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Document:
        """In the reader's language; it changes with the program only."""
        return _document(self.get_root_path(path_params or {}) if path_prefix is None else path_prefix, get_language() or "")


@cache
def _document(prefix: str, language: str) -> Document:
    return Document(api, prefix)


api = Api(
    title="Gongzhi 共治",
    version="1",
    urls_namespace="api",
    docs=PlainDocs(),
    docs_url="docs",
    openapi_url="openapi.json",
    parser=StrictParser(),
)
for router in routers:
    api.add_router("", router)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: Any) -> HttpResponse:
    """What an action refused, with its own status."""
    return problem(error.status, error.message, code=error.code, field=error.field)


@api.exception_handler(ValidationError)
def not_fitting(request: HttpRequest, error: Any) -> HttpResponse:
    """What does not fit the document."""
    return invalid(error.errors)


@api.exception_handler(AuthenticationError)
def without_token(request: HttpRequest, error: Any) -> HttpResponse:
    """No token, or one that is no longer good."""
    return problem(401, _("请带上有效的个人令牌（Authorization: Bearer gz_…）。令牌在“我的”页面里新建。"))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    """Ninja raises this one for a body that is no JSON."""
    return problem(error.status_code, _("没看懂提交的内容。请提交 UTF-8 编码的 JSON，不要有看不见的特殊字符。"))
