"""What the desk asks beyond lists and one case: open requests, related cases, the dispatch board, the area of a case."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from gongzhi.cases.models import Case, Request, Return, SpotCheck
from gongzhi.cases.queries import NEWEST, PAGE, Filters, Page, filter_q, list_cases
from gongzhi.cases.workflow import State
from gongzhi.community.actors import Actor
from gongzhi.community.models import Place

NEAR_DEGREES = 0.002
"""About two hundred metres: how far "similar nearby" looks at the desk."""


def list_awaiting(actor: Actor, filters: Filters, *, after: str = "", size: int = PAGE) -> Page:
    """Cases in reach with a request that nobody has decided, newest first."""
    return _list_within(Request.objects.filter(decided_at=None).values("case_id"), actor, filters, after, size)


def _list_within(waiting: Any, actor: Actor, filters: Filters, after: str, size: int) -> Page:
    rows = Case.objects.visible_to(actor).filter(filter_q(filters), pk__in=waiting)
    if after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(id__lt=int(after))
    found = list(rows.order_by(*NEWEST.fields)[: size + 1])
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else None)


def list_drawn(actor: Actor, filters: Filters, *, after: str = "", size: int = PAGE) -> Page:
    """Cases in reach that were closed on the spot and drawn for a second look, newest first."""
    return _list_within(SpotCheck.objects.filter(done_at=None).values("case_id"), actor, replace(filters, is_open=None), after, size)


Ask = Callable[..., Page]
SPECIAL: dict[str, Ask] = {"awaiting": list_awaiting, "drawn": list_drawn}
"""Lists that are more than filters: what waits for an approval, what was drawn for a second look."""


def listing(chosen: Mapping[str, Any]) -> Ask:
    """What an inbox asks for its rows, by the parameters of its address."""
    return next((ask for name, ask in SPECIAL.items() if chosen.get(name)), list_cases)


def awaits_second_look(case: Case) -> bool:
    return SpotCheck.objects.filter(case_id=case.pk, done_at=None).exists()


def list_related(actor: Actor, case: Case) -> list[tuple[str, Case]]:
    """Cases tied to this one and visible to the actor: ("into" | "merged" | "repeat_of" | "repeat", case)."""
    tied = Q(pk__in=[pk for pk in (case.merged_into_id, case.repeat_of_id) if pk]) | Q(merged_into=case.pk) | Q(repeat_of=case.pk)
    rows = Case.objects.visible_to(actor).filter(tied).exclude(pk=case.pk).order_by("-id")[:20]
    return [(_tie(case, other), other) for other in rows]


def _tie(case: Case, other: Case) -> str:
    if other.pk == case.merged_into_id:
        return "into"
    if other.merged_into_id == case.pk:
        return "merged"
    return "repeat_of" if other.pk == case.repeat_of_id else "repeat"


def list_similar(actor: Actor, case: Case, *, limit: int = 5) -> list[Case]:
    """Open cases of the same category within two hundred metres that the actor may see, newest first."""
    if case.lng is None or case.lat is None:
        return []
    box = {
        "lng__range": (case.lng - NEAR_DEGREES, case.lng + NEAR_DEGREES),
        "lat__range": (case.lat - NEAR_DEGREES, case.lat + NEAR_DEGREES),
    }
    alike = Q(category=case.category_id) & Q(community=case.community_id)
    rows = Case.objects.visible_to(actor).open().filter(alike, **box)
    return list(rows.exclude(pk=case.pk).order_by("-id")[:limit])


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the dispatch board: the states it shows and its first cases by promised time."""

    key: str
    states: tuple[State, ...]
    cases: list[Case]
    has_more: bool


COLUMNS = (
    ("registered", (State.REGISTERED,)),
    ("accepted", (State.ACCEPTED, State.REOPENED)),
    ("returned", (State.RETURNED,)),
    ("disputed", (State.DISPUTED,)),
)


def dispatch_columns(actor: Actor, *, size: int) -> list[Column]:
    """What waits for a dispatcher, most urgent first, a few of each."""
    found = []
    for key, states in COLUMNS:
        page = list_cases(actor, Filters(states=tuple(one.value for one in states)), size=size)
        found.append(Column(key, states, page.rows, page.next_key is not None))
    return found


def last_returns(case_ids: list[int]) -> dict[int, Return]:
    """The newest return of each case, in one statement."""
    rows = Return.objects.filter(case_id__in=case_ids).select_related("body").order_by("id") if case_ids else ()
    return {row.case_id: row for row in rows}


def area_of(place_id: int) -> dict[str, Any]:
    """The outline of a place as GeoJSON for the little map of a case."""
    row = Place.objects.filter(pk=place_id).exclude(polygon="").values_list("polygon", "name").first()
    features = [{"type": "Feature", "geometry": _geometry(row[0]), "properties": {"name": row[1]}}] if row and row[0] else []
    return {"type": "FeatureCollection", "features": features}


def _geometry(polygon: Any) -> Any:
    return json.loads(polygon) if isinstance(polygon, str) else polygon
