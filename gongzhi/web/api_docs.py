"""/api/v1/docs: the OpenAPI document as a page of our own, every call with what it takes, answers, and a line to try."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from gongzhi.accounts.models import SCOPES
from gongzhi.cases.acts import ACTS
from gongzhi.web.api_document import TOKEN

Schema = dict[str, Any]


class PlainDocs(DocsBase):
    """Read without a script, by keyboard and by ear, on a phone and on paper."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page, in the reader's language."""
        document = api.get_openapi_schema(path_params=kwargs)
        origin = settings.SITE_ORIGIN or f"{request.scheme}://{request.get_host()}"
        context = {
            "calls": calls_of(document, origin),
            "base": f"{origin}{api.get_root_path(kwargs)}",
            "document_url": self.get_openapi_url(api, kwargs),
            "scopes": SCOPES.items(),
            "acts": list(ACTS.values()),
        }
        return render(request, "web/api_docs.html", context)


def calls_of(document: Schema, origin: str) -> list[Schema]:
    """Every call of the document, in its order."""
    schemas = document["components"]["schemas"]
    return [
        {
            "id": f"{method}{path}".replace("/", "-").replace("{", "").replace("}", ""),
            "method": method.upper(),
            "path": path,
            "summary": call["summary"],
            "description": call.get("description", ""),
            "scopes": [scope for one in call.get("security", ()) for scope in one[TOKEN]],
            "parameters": [_parameter(one, schemas) for one in call["parameters"]],
            "fields": _fields(_body(call), schemas),
            "answers": [(status, answer["description"]) for status, answer in sorted(call["responses"].items())],
            "curl": curl(method, origin + path, call, schemas),
        }
        for path, methods in document["paths"].items()
        for method, call in methods.items()
    ]


def _parameter(one: Schema, schemas: Schema) -> Schema:
    return {
        "name": one["name"],
        "where": {"path": _("地址"), "query": _("查询"), "header": _("请求头")}[one["in"]],
        "type": type_words(one["schema"], schemas),
        "required": one["required"],
        "description": one.get("description") or one["schema"].get("description", ""),
    }


def _body(call: Schema) -> Schema:
    """The schema of what is sent, empty for nothing."""
    content = call.get("requestBody", {}).get("content", {})
    return next(iter(content.values()))["schema"] if content else {}


def _fields(schema: Schema, schemas: Schema, before: str = "") -> list[Schema]:
    """The fields of a body, those of an inner object after it by their full name."""
    schema, rows = resolved(schema, schemas), []
    for name, part in schema.get("properties", {}).items():
        inner = resolved(part, schemas)
        row = {"name": before + name, "type": type_words(part, schemas), "required": name in schema.get("required", ())}
        rows.append({**row, "description": part.get("description") or ("" if "$ref" in part else inner.get("description", ""))})
        rows += _fields(inner, schemas, f"{before}{name}.") if inner.get("properties") else []
    return rows


def resolved(schema: Schema, schemas: Schema) -> Schema:
    """What a reference means, and of "this or nothing" the this."""
    if "$ref" in schema:
        return resolved(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    kept = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(kept) != 1:
        return schema
    return resolved({**{key: value for key, value in schema.items() if key != "anyOf"}, **kept[0]}, schemas)


def type_words(schema: Schema, schemas: Schema) -> str:
    """What kind of value it is, in words."""
    found = resolved(schema, schemas)
    if choices := found.get("enum"):
        return " / ".join(choices) if len(choices) < 7 else _("文字，固定几种")
    if found.get("format") == "binary":
        return _("文件")
    if found.get("format") == "date":
        return _("日期，例如 2026-11-23")
    kinds = {
        "string": _("文字"),
        "integer": _("整数"),
        "number": _("数字"),
        "boolean": "true / false",
        "array": _("列表"),
        "object": _("对象"),
    }
    return kinds.get(found.get("type", ""), "")


def curl(method: str, address: str, call: Schema, schemas: Schema) -> str:
    """A line for the shell that makes the call, with the document's own examples."""
    named = {
        one["name"]: str(one.get("example") or one["schema"].get("example") or "…") for one in call["parameters"] if one["in"] == "path"
    }
    lines = [f"curl -X {method.upper()} '{address.format(**named)}'"]
    if call.get("security"):
        lines.append("-H 'Authorization: Bearer gz_…'")
    content = call.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        lines.append("-F 'file=@photo.jpg'")
    elif content:
        example = resolved(_body(call), schemas).get("examples", [{}])[0]
        lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(example, ensure_ascii=False)}'"]
    return " \\\n  ".join(lines)
