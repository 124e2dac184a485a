"""Refusals of the API: RFC 9457 bodies whose `detail` is a sentence in the caller's language that says what to do."""

from __future__ import annotations

from typing import Any, Final

from django.http import JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PROBLEM_TYPE: Final = "application/problem+json"
CODES: Final = {400: "refused", 401: "no_token", 403: "not_allowed", 404: "missing", 405: "method", 422: "invalid", 429: "too_many"}
SENTENCES: Final[dict[str, Promise]] = {
    "missing": gettext_lazy("请填写这一项。"),
    "extra_forbidden": gettext_lazy("没有这一项，请核对名字，或去掉它。"),
    "string_type": gettext_lazy("请填文字，用引号括起来。"),
    "string_too_long": gettext_lazy("太长了，最多 %(max_length)s 个字。"),
    "string_too_short": gettext_lazy("太短了，最少 %(min_length)s 个字。"),
    "string_pattern_mismatch": gettext_lazy("格式不对，请照原样填写我们给出的内容。"),
    "too_long": gettext_lazy("太多了，最多 %(max_length)s 个。"),
    "greater_than_equal": gettext_lazy("太小了，最小是 %(ge)s。"),
    "less_than_equal": gettext_lazy("太大了，最大是 %(le)s。"),
    "date_parsing": gettext_lazy("请填日期，例如 2026-11-23。"),
    "date_type": gettext_lazy("请填日期，例如 2026-11-23。"),
    "date_from_datetime_parsing": gettext_lazy("请填日期，例如 2026-11-23。"),
    "int_parsing": gettext_lazy("请填整数。"),
    "int_parsing_size": gettext_lazy("这个整数太大了。"),
    "int_from_float": gettext_lazy("请填整数。"),
    "int_type": gettext_lazy("请填整数。"),
    "float_parsing": gettext_lazy("请填数字。"),
    "float_type": gettext_lazy("请填数字。"),
    "finite_number": gettext_lazy("请填数字。"),
    "bool_parsing": gettext_lazy("请填 true 或 false。"),
    "bool_type": gettext_lazy("请填 true 或 false。"),
    "list_type": gettext_lazy('请填列表，例如 ["a", "b"]。'),
    "dict_type": gettext_lazy('请填对象，例如 {"a": 1}。'),
    "model_attributes_type": gettext_lazy('请填对象，例如 {"a": 1}。'),
}
"""Pydantic's kinds of faults as sentences; what a kind knows fills them."""


def problem(
    status: int, detail: str, *, code: str = "", field: str | None = None, errors: list[dict[str, str]] | None = None
) -> JsonResponse:
    """One refusal."""
    body = {"status": status, "code": code or CODES.get(status, "fault"), "detail": detail, "field": field, "errors": errors or []}
    response = JsonResponse(body, status=status, content_type=PROBLEM_TYPE, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    response["Cache-Control"] = "no-store"
    return response


def invalid(errors: list[dict[str, Any]]) -> JsonResponse:
    """What does not fit the document: every wrong input with its sentence; the first one stands for all."""
    faults = [{"field": field_of(error["loc"]), "detail": sentence(error)} for error in errors[:20]]
    first = faults[0]
    return problem(422, f"{first['field']}: {first['detail']}" if first["field"] else first["detail"], field=first["field"], errors=faults)


def field_of(place: tuple[Any, ...]) -> str:
    """`("body", "body", "values", "until")` is known to the caller as `values.until`: where it stands and our argument's name go."""
    inner = place[2:] if place and place[0] == "body" else place[1:]
    return ".".join(str(part)[:80] for part in inner)


def sentence(error: dict[str, Any]) -> str:
    """The sentence of one fault."""
    words = SENTENCES.get(error["type"])
    return str(words) % (error.get("ctx") or {}) if words else _("这一项填得不对，请核对格式。")
