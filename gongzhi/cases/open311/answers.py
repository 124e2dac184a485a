"""Open311 answers in JSON (bare arrays, empty is null, codes are strings) and XML (no namespace, fixed roots)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.http import HttpResponse

FORMS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
Rows = Sequence[Mapping[str, Any]]


def answer(form: str, rows: Rows | Mapping[str, Any], root: str, item: str, *, status: int = 200) -> HttpResponse:
    """The rows in the form asked for; `root` and `item` name the XML elements."""
    if form == "xml":
        return HttpResponse(to_xml(rows, root, item), status=status, content_type=FORMS["xml"])
    return HttpResponse(orjson.dumps(_nulls(rows)), status=status, content_type=FORMS["json"])


def refuse(form: str, code: int, description: str) -> HttpResponse:
    """An error as Open311 writes it: an array of {code, description}."""
    return answer(form if form in FORMS else "json", [{"code": str(code), "description": description}], "errors", "error", status=code)


def _nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _nulls(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_nulls(one) for one in value]
    return None if value == "" else value


def to_xml(rows: Rows | Mapping[str, Any], root: str, item: str) -> bytes:
    """UTF-8 XML with a declaration."""
    top = ET.Element(root)
    if isinstance(rows, Mapping):
        _fill(top, rows)
    else:
        for row in rows:
            _fill(ET.SubElement(top, item), row)
    written: bytes = ET.tostring(top, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


CHILD = {"attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format"}


def _fill(element: ET.Element, row: Mapping[str, Any]) -> None:
    for key, value in row.items():
        child = ET.SubElement(element, key)
        if isinstance(value, list | tuple):
            for one in value:
                part = ET.SubElement(child, CHILD.get(key, "item"))
                if isinstance(one, Mapping):
                    _fill(part, one)
                else:
                    part.text = clean_text(one)
        elif isinstance(value, Mapping):
            _fill(child, value)
        else:
            child.text = clean_text(value)


def clean_text(value: Any) -> str:
    """Text that XML 1.0 can carry."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "".join(
        sign for sign in str(value) if sign in "\t\n\r" or " " <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff"
    )
