"""The dispatch board: what waits for a dispatcher, with the body the rules name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongzhi.cases import desk_queries, dispatch_choice, rules, telling
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.desk_queries import Column
from gongzhi.cases.models import Return
from gongzhi.cases.views.desk import row
from gongzhi.cases.views.who import actor, needs, page
from gongzhi.cases.workflow import BEFORE_DISPATCH, State
from gongzhi.community.directory import body_label

SHOWN = 8
"""Cards in a column; the rest is a link to the inbox."""


@require_GET
@needs(rules.can_take_reports)
def board(request: HttpRequest) -> HttpResponse:
    """Four columns, the most urgent on top."""
    found = desk_queries.dispatch_columns(actor(request), size=SHOWN)
    back = [case.pk for column in found for case in column.cases if case.state in (State.RETURNED, State.DISPUTED)]
    returns = desk_queries.last_returns(back)
    words = {"registered": _("待受理"), "accepted": _("待派单"), "returned": _("退单待定"), "disputed": _("待裁定")}
    columns = [_column(column, words[column.key], returns) for column in found]
    return page(request, "cases/desk/dispatch.html", {"columns": columns, "is_empty": not any(column.cases for column in found)})


def _column(column: Column, title: str, returns: dict[int, Return]) -> dict[str, Any]:
    query = "&".join(f"state={one.value}" for one in column.states)
    cards = [row(case) | {"sent_back": returns.get(case.pk), **_suggested(case)} for case in column.cases]
    return {"key": column.key, "title": title, "cards": cards, "query": query, "has_more": column.has_more}


def _suggested(case: Any) -> dict[str, Any]:
    """Whom the rules name: asked only for the cards shown that wait for it."""
    if case.state not in BEFORE_DISPATCH:
        return {}
    choice = dispatch_choice.choose(case)
    return {
        "choice": body_label(choice.body_id) if choice else "",
        "why": telling.why_sent(catalogue().rule(choice.rule_id), choice.why) if choice else "",
        "asked": True,
    }
