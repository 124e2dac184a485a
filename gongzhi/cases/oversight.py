"""What supervision asks: late and endangered cases in reach, and how many stand where, from the kept figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from django.db.models import Q, Sum

from gongzhi.cases.models import OpenFigure
from gongzhi.cases.queries import Filters, Page, list_cases
from gongzhi.cases.visibility import NOTHING
from gongzhi.cases.workflow import OPEN
from gongzhi.community.actors import Actor
from gongzhi.community.levels import DISTRICT
from gongzhi.community.territory import LEVEL_FIELDS, Node, territory

LATE, RISK = "late", "risk"
PAGE = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """Open and late cases of one community; `area` None: not located in any."""

    area: Node | None
    open: int
    late: int


def list_watched(actor: Actor, which: str, area: Node | None, *, after: str = "", size: int = PAGE) -> Page:
    """Cases past their promised time (`late`) or due within a day (`risk`), the oldest promise first."""
    filters = Filters(late=which == LATE, at_risk=which == RISK)
    if area is not None:
        filters = replace(filters, place_id=area.id, place_field=LEVEL_FIELDS.get(area.rung or "", "place_id"))
    return list_cases(actor, filters, after=after, size=size)


def standings(actor: Actor) -> list[Standing]:
    """The communities of the actor's areas with open cases, most late ones first; one statement over the figures."""
    rows = OpenFigure.objects.filter(_areas_q(actor), kind=OpenFigure.Kind.PLACE, state__in=sorted(OPEN))
    found, late = Counter[int](), Counter[int]()
    for community_id, is_late, count in rows.values_list("community_id", "is_late").annotate(n=Sum("count")):
        found[community_id or 0] += count
        late[community_id or 0] += count if is_late else 0
    lines = [Standing(territory().nodes.get(pk), count, late[pk]) for pk, count in found.items() if count]
    return sorted(lines, key=lambda one: (-one.late, -one.open, one.area.code if one.area else ""))


def _areas_q(actor: Actor) -> Q:
    """The figures of the places of one's posts. What is not located is the district's to look after."""
    parts = [NOTHING]
    for post in actor.held:
        if post.reach == "place" and post.rung in LEVEL_FIELDS:
            parts.append(Q(**{LEVEL_FIELDS[post.rung]: post.place_id}))
            if post.rung == DISTRICT:
                parts.append(Q(district=None))
    return reduce(or_, parts)
