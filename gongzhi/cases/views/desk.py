"""The desk: the inbox with its filters in the URL, and one case beside it or on its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from gongzhi.cases import desk_queries, rules, telling
from gongzhi.cases.acts import ACTS
from gongzhi.cases.models import Case
from gongzhi.cases.views import desk_filters
from gongzhi.cases.views.desk_case import desk_case, show_case
from gongzhi.cases.views.who import actor, needs, page
from gongzhi.cases.workflow import MOVES, ROLE_DUTIES
from gongzhi.community.actors import Actor
from gongzhi.community.directory import body_label
from gongzhi.community.territory import territory


def row(case: Case) -> dict[str, Any]:
    """A case as a line of a dense table; asks nothing of the database."""
    return {
        "case": case,
        "title": telling.headline(case),
        "words": case.description,
        "place": short_place(case),
        "unit": body_label(case.body_id),
        "word": telling.state_word(case),
        "tone": telling.state_tone(case),
        "working": case.resolve_unit.startswith("working"),
    }


def short_place(case: Case) -> str:
    """The lowest two names of where it is: "潇湘社区 · 第一网格"; nothing when it is not located."""
    names = territory().address_of(case.place_id).split(" · ") if case.place_id else []
    return " · ".join(names[-2:])


@require_GET
@needs(rules.can_see_words)
def inbox(request: HttpRequest) -> HttpResponse:
    """What is in reach of this person's posts, narrowed by the URL."""
    by = actor(request)
    filters, wrong = desk_filters.read(request)
    found = desk_queries.listing(request.GET)(by, filters, after=request.GET.get("after", ""))
    context = {
        "rows": [row(case) for case in found.rows],
        "pager": {"next": found.next_key or "", "previous": "", "total": None, "shown": len(found.rows)},
        "filters": desk_filters.groups(by, filters),
        "views": desk_filters.saved_views(request, by),
        "wrong": wrong,
        "since": filters.since,
        "until": filters.until,
        "ended_since": filters.ended_since,
        "kept": [(key, value) for key, values in request.GET.lists() for value in values if key not in ("since", "until", "after")],
        "batch_acts": batch_acts(by),
        "may_export": rules.can_export(by),
        "may_enter": rules.can_take_reports(by),
        "is_narrowed": bool(request.GET),
    }
    return page(request, "cases/desk/inbox.html", context)


def batch_acts(by: Actor) -> list[Any]:
    """Acts that may be done to many at once and that some post of this person ever allows."""
    held = {duty for role in by.roles() for duty in ROLE_DUTIES.get(role, frozenset())}
    return [act for act in ACTS.values() if act.in_batch and held & MOVES[act.move].duties]


@require_GET
@needs(rules.can_see_words)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One case at the desk, in the pane or as a page of its own."""
    return show_case(request, desk_case(request, code))


@require_GET
@needs(rules.can_see_words)
def area(request: HttpRequest, place_id: int) -> JsonResponse:
    """The outline of a place, for the little map."""
    response = JsonResponse(desk_queries.area_of(place_id))
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_GET
@needs(rules.can_import)
def import_sheet(request: HttpRequest) -> HttpResponse:
    """Taking in a sheet of appeals has the same pages as every import."""
    return redirect("sheets:upload", spec_name="cases.messages")
