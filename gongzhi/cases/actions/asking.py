"""The questions of a category and their answers: checked by datatype, refused in words at their field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Attribute, Category
from gongzhi.kernel.errors import DomainError

LONGEST = {Attribute.Datatype.STRING: 200, Attribute.Datatype.TEXT: 2000}


def checked_answers(category: Category | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers by the category's own questions; unknown codes are dropped, required ones demanded."""
    if category is None:
        return {}
    found: dict[str, Any] = {}
    for question in catalogue().attributes_of(category.pk):
        if not question.variable:
            continue
        value = answers.get(question.code)
        if value in (None, "", []):
            if question.required:
                raise DomainError(_("请回答：%(question)s") % {"question": question.label}, field=f"answer_{question.code}")
            continue
        found[question.code] = _checked(question, value)
    return found


def _checked(question: Attribute, value: Any) -> Any:
    kind, field = question.datatype, f"answer_{question.code}"
    if kind == Attribute.Datatype.NUMBER:
        return _number(question, value, field)
    if kind == Attribute.Datatype.DATETIME:
        return _moment(question, value, field)
    if kind in (Attribute.Datatype.SINGLE, Attribute.Datatype.MULTI):
        return _chosen(question, value, field)
    text = str(value).strip()
    if len(text) > LONGEST[Attribute.Datatype(kind)]:
        raise DomainError(_("“%(question)s”写得太长了。") % {"question": question.label}, field=field)
    return text


def _number(question: Attribute, value: Any, field: str) -> float | int:
    try:
        number = float(str(value))
    except ValueError as error:
        raise DomainError(_("“%(question)s”请填数字。") % {"question": question.label}, field=field) from error
    if not -1e12 < number < 1e12:
        raise DomainError(_("“%(question)s”的数字太大了。") % {"question": question.label}, field=field)
    return int(number) if number.is_integer() else number


def _moment(question: Attribute, value: Any, field: str) -> str:
    try:
        moment = parse_datetime(str(value))
    except ValueError:
        moment = None
    if moment is None or moment.date() < dt.date(1990, 1, 1):
        raise DomainError(_("“%(question)s”请填日期和时间，例如 2026-11-23 09:30。") % {"question": question.label}, field=field)
    return moment.isoformat()


def _chosen(question: Attribute, value: Any, field: str) -> Any:
    wanted = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
    keys = {str(row["key"]) for row in question.values}
    if not set(wanted) <= keys or (question.datatype == Attribute.Datatype.SINGLE and len(wanted) != 1):
        raise DomainError(_("“%(question)s”请从给出的选项里选。") % {"question": question.label}, field=field)
    return wanted if question.datatype == Attribute.Datatype.MULTI else wanted[0]
