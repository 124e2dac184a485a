"""Cases and categories as Open311 rows. Only what is public leaves: the desk's words, a coarse point, no one's name."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Attribute, Case, Category
from gongzhi.cases.workflow import State
from gongzhi.community.directory import body_label
from gongzhi.community.territory import territory

COARSE = 3
"""Decimal places of a point that leaves: about a hundred metres, as on the public map."""


def service_row(category: Category, has_questions: bool) -> dict[str, Any]:
    """One entry of the service list."""
    top = catalogue().top(category.pk)
    return {
        "service_code": category.code,
        "service_name": category.label,
        "description": category.label,
        "metadata": has_questions,
        "type": "realtime",
        "keywords": ",".join(word for code, word, _weight in catalogue().keywords if code == category.code),
        "group": top.label if top else "",
    }


def definition_row(category: Category) -> dict[str, Any]:
    """A service definition with its attributes."""
    return {"service_code": category.code, "attributes": [attribute_row(one) for one in catalogue().attributes_of(category.pk)]}


def attribute_row(attribute: Attribute) -> dict[str, Any]:
    row: dict[str, Any] = {
        "variable": attribute.variable,
        "code": attribute.code,
        "datatype": attribute.datatype,
        "required": attribute.required,
        "datatype_description": str(attribute.get_datatype_display()),
        "order": attribute.position,
        "description": attribute.label,
    }
    row["values"] = [{"key": key, "name": name} for key, name in attribute.options()]
    return row


def status_of(case: Case) -> str:
    return "open" if case.is_open else "closed"


def request_row(case: Case) -> dict[str, Any]:
    """One service request: of a case that was let out, or of one asked for by its number, which only who filed it knows."""
    return {
        "service_request_id": case.code,
        "status": status_of(case),
        "status_notes": str(State(case.state).label),
        "service_name": catalogue().label(case.category_id),
        "service_code": catalogue().by_id[case.category_id].code if case.category_id in catalogue().by_id else None,
        "description": case.public_words,
        "agency_responsible": body_label(case.body_id),
        "service_notice": _("承诺 %(day)s 前办好") % {"day": when(case.resolve_due)[:10]} if case.resolve_due and case.is_open else "",
        "requested_datetime": when(case.registered_at),
        "updated_datetime": when(case.updated_at),
        "expected_datetime": when(case.resolve_due),
        "address": territory().address_of(case.community_id) if case.community_id else "",
        "address_id": "",
        "zipcode": "",
        "lat": round(case.lat, COARSE) if case.lat is not None else None,
        "long": round(case.lng, COARSE) if case.lng is not None else None,
        "media_url": "",
    }


def when(moment: Any) -> str:
    """W3C date and time with the offset of this instance."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""
