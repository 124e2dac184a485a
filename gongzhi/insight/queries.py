"""The first board: six figures with their change on last week, grids by open cases, ninety days. Three statements in all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Sum

from gongzhi.cases.models import Case, DayFigure, OpenFigure
from gongzhi.cases.visibility import reach_parts
from gongzhi.cases.workflow import OPEN
from gongzhi.community.actors import Actor
from gongzhi.community.levels import DISTRICT, GRID
from gongzhi.community.scope import Reach, reaches
from gongzhi.community.territory import LEVEL_FIELDS, Node
from gongzhi.kernel import clock

DAYS = 90
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of the last seven days beside the seven before, or of now beside the start of those seven days; None: not known."""

    now: int
    before: int | None

    @property
    def difference(self) -> int | None:
        return None if self.before is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class Board:
    """What the board of an area shows. `open_by_place` counts open cases per place of every rung below the area."""

    area: Node
    standing: Change
    standing_late: Change
    registered: Change
    closed: Change
    in_time: Change
    satisfied: Change
    rated: Change
    open_by_place: dict[int, int]
    late_by_place: dict[int, int]
    open_by_category: dict[int, int]
    days: list[tuple[dt.date, int, int]]
    as_of: dt.datetime

    @property
    def open_now(self) -> int:
        return self.standing.now

    @property
    def late_now(self) -> int:
        return self.standing_late.now

    @property
    def has_days(self) -> bool:
        """Figures by day are kept down to the community: a grid has none, which is not the same as zero."""
        return self.area.rung != GRID


def board_of(area: Node) -> Board:
    """The board of a district, street, community or grid."""
    open_rows = _open_figures(area)
    by_day = _day_figures(area)
    today = clock.today()
    open_now = sum(row["n"] for row in open_rows)
    late_now = sum(row["n"] for row in open_rows if row["is_late"])
    return Board(
        area=area,
        standing=_since(by_day, "standing", today, open_now),
        standing_late=_since(by_day, "standing_late", today, late_now),
        registered=_change(by_day, "registered", today),
        closed=_change(by_day, "closed", today),
        in_time=_change(by_day, "closed_in_time", today),
        satisfied=_change(by_day, "satisfied", today),
        rated=_change(by_day, "rated", today),
        open_by_place=_by_place(open_rows),
        late_by_place=_by_place([row for row in open_rows if row["is_late"]]),
        open_by_category=_open_matters(area),
        days=[(day, by_day[day, "registered"], by_day[day, "closed"]) for day in _days_back(today)],
        as_of=clock.now(),
    )


def _of(area: Node) -> Q:
    return Q(**{LEVEL_FIELDS[area.rung or DISTRICT]: area.id})


def _open_figures(area: Node) -> list[dict[str, Any]]:
    """One row per lowest place and lateness, summed by the database: at most two per grid, however many states there are."""
    rows = OpenFigure.objects.filter(_of(area), kind=OpenFigure.Kind.PLACE, state__in=sorted(OPEN))
    return list(rows.values(*LEVEL_FIELDS.values(), "is_late").annotate(n=Sum("count")).exclude(n=0))


def counts_below(area: Node) -> tuple[dict[int, int], dict[int, int]]:
    """Open and late cases per place of every rung below the area, in one statement: what colours a map."""
    rows = _open_figures(area)
    return _by_place(rows), _by_place([row for row in rows if row["is_late"]])


def _open_matters(area: Node) -> dict[int, int]:
    """Open cases by top category; matters are kept down to the community."""
    if area.rung == GRID:
        return {}
    rows = OpenFigure.objects.filter(_of(area), kind=OpenFigure.Kind.MATTER, state__in=sorted(OPEN), category__isnull=False)
    return dict(rows.values_list("category_id").annotate(n=Sum("count")).filter(n__gt=0).order_by("-n"))


def _day_figures(area: Node) -> Counter[tuple[dt.date, str]]:
    if area.rung == GRID:
        return Counter()
    rows = DayFigure.objects.filter(place=area.id, day__gt=clock.today() - dt.timedelta(days=DAYS)).values_list("day", "what", "count")
    return Counter({(day, what): count for day, what, count in rows})


def _days_back(today: dt.date) -> list[dt.date]:
    return [today - dt.timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def _change(by_day: Counter[tuple[dt.date, str]], what: str, today: dt.date) -> Change:
    this = sum(by_day[today - dt.timedelta(days=back), what] for back in range(7))
    last = sum(by_day[today - dt.timedelta(days=back), what] for back in range(7, 14))
    return Change(this, last)


def _since(by_day: Counter[tuple[dt.date, str]], what: str, today: dt.date, now: int) -> Change:
    """How many stand now, beside how many stood when the seven days of the other figures began."""
    began = (today - WEEK + dt.timedelta(days=1), what)
    return Change(now, by_day.get(began))


def _by_place(rows: list[dict[str, Any]]) -> dict[int, int]:
    found: Counter[int] = Counter()
    for row in rows:
        for name in LEVEL_FIELDS.values():
            if row[name] is not None:
                found[row[name]] += row["n"]
    return dict(found)


def list_running_out(actor: Actor, area: Node, *, limit: int = 8) -> list[Case]:
    """Open cases of the area whose promised time comes next, within reach of the actor: the first few of an index, never all."""
    running = _of(area) & Q(is_open=True, resolved_at=None, paused_at=None, resolve_due__gte=clock.now())
    wanted = reaches(actor)
    parts = [Q()] if any(_holds(reach, area) for reach in wanted) else [part for reach in wanted for part in reach_parts(reach)]
    found: dict[int, Case] = {}
    for part in parts:
        rows = Case.objects.filter(part & running).only(*SHOWN).order_by("resolve_due", "id")[:limit]
        found |= {row.pk: row for row in rows}
    return sorted(found.values(), key=lambda row: (row.resolve_due or row.clock_from, row.pk))[:limit]


def _holds(reach: Reach, area: Node) -> bool:
    """The reach holds the whole area: asking for the area alone is enough, and its own index serves it."""
    return not reach.categories and area.keys.get(RUNGS.get(reach.field, "")) == reach.value


RUNGS = {name: rung for rung, name in LEVEL_FIELDS.items()}
SHOWN = ("code", "category_id", "place_id", "clock_from", "resolve_due", "resolve_unit")
"""What the board shows of a case: never its words, and not who reported it."""
