"""Figures kept as cases change: cases marked uncounted move between buckets, uncounted steps add to their day.

Exact by construction: a case remembers the bucket it stands in (`counted_as`), so folding twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, DayFigure, OpenFigure, Step
from gongzhi.cases.workflow import State
from gongzhi.community.levels import COMMUNITY, DISTRICT, STREET
from gongzhi.community.territory import territory
from gongzhi.kernel import clock

BATCH = 2000
WEEK = 7
PLACE_KEYS = ("district_id", "street_id", "community_id", "grid_id")
DAY_LEVELS = (COMMUNITY, STREET, DISTRICT)
DAY_RUNGS = ("community_id", "street_id", "district_id")
MATTER_KEYS = ("district_id", "street_id", "community_id", "category_id")


def buckets(case: Any) -> list[str]:
    """The two buckets a case stands in: by place and lateness, and by community and top category."""
    top = catalogue().top(case.category_id)
    place = [str(getattr(case, key) or 0) for key in PLACE_KEYS]
    return [":".join(["p", *place, case.state, str(int(case.is_late))]), ":".join(["m", *place[:3], str(top.pk if top else 0), case.state])]


def bucket(case: Any) -> str:
    """Both buckets as a case remembers them (`counted_as`)."""
    return " ".join(buckets(case))


def fold_figures(*, limit: int = BATCH) -> int:
    """Fold up to `limit` changed cases and `limit` steps; returns how many rows were folded."""
    return _fold_cases(limit) + _fold_steps(limit)


@transaction.atomic
def _fold_cases(limit: int) -> int:
    names = ("id", "version", "state", "is_late", "counted_as", "category_id", *PLACE_KEYS)
    rows = list(Case.objects.filter(is_counted=False).order_by("id").only(*names)[:limit])
    moved: Counter[str] = Counter()
    for row in rows:
        new = bucket(row)
        same = Case.objects.filter(pk=row.pk, version=row.version, counted_as=row.counted_as, is_counted=False)
        if same.update(is_counted=True, counted_as=new) and new != row.counted_as:
            moved.update(new.split())
            moved.subtract(row.counted_as.split())
    _add_open(moved)
    return len(rows)


def _add_open(moved: Counter[str]) -> None:
    for key, change in sorted(moved.items()):
        if change and not OpenFigure.objects.filter(key=key).update(count=F("count") + change):
            OpenFigure.objects.create(key=key, count=change, **_columns(key))


def _columns(key: str) -> dict[str, Any]:
    kind, *parts = key.split(":")
    names = PLACE_KEYS if kind == OpenFigure.Kind.PLACE else MATTER_KEYS
    ids = {name: int(one) or None for name, one in zip(names, parts[:4], strict=True)}
    return {**ids, "kind": kind, "state": parts[4], "is_late": parts[5:] == ["1"]}


@transaction.atomic
def _fold_steps(limit: int) -> int:
    rows = list(Step.objects.filter(is_counted=False).select_related("case").order_by("id")[:limit])
    taken = [row for row in rows if Step.objects.filter(pk=row.pk, is_counted=False).update(is_counted=True)]
    _add_days(Counter(key for row in taken for key in day_keys(row)))
    return len(rows)


def day_keys(step: Step) -> Iterable[str]:
    """The day buckets one step adds to: what it says, for each place it counts in."""
    said = _said_by(step)
    if not said:
        return []
    day = timezone.localdate(step.at)
    return [_day_key(day, place_id, what) for place_id in _counted_in(step.case) for what in said]


def _counted_in(row: Any) -> list[int]:
    """The places of a case by day: community, street, district; 0 for a case that nobody could locate."""
    return [place_id for name in DAY_RUNGS if (place_id := getattr(row, name))] or [0]


def _day_key(day: dt.date, place_id: int, what: str) -> str:
    return f"{day.isoformat()}:{place_id}:{what}"


def _said_by(step: Step) -> list[str]:
    case = step.case
    if step.verb == "register":
        return ["registered", "found_by_us"] if case.found_by_us else ["registered"]
    if step.to_state == State.CLOSED and step.from_state != State.CLOSED:
        in_time = case.resolve_due is None or (case.resolved_at or step.at) <= case.resolve_due
        return ["closed", "closed_in_time"] if in_time else ["closed"]
    if step.verb == "rate":
        return ["rated", "satisfied"] if int(step.data.get("stars", 0)) >= 4 else ["rated"]
    return ["reopened"] if step.verb == "reopen" else []


def _add_days(found: Counter[str]) -> None:
    for key, change in sorted(found.items()):
        if not DayFigure.objects.filter(key=key).update(count=F("count") + change):
            DayFigure.objects.create(key=key, count=change, **_day_columns(key))


def _day_columns(key: str) -> dict[str, Any]:
    day, place_id, what = key.split(":")
    return {"day": dt.date.fromisoformat(day), "what": what, "place_id": int(place_id) or None}


def keep_standings(*, days: int = WEEK) -> int:
    """How many cases stood open, and late, when each of the last `days` local days and today began; returns the days that were missing.

    Worked out from the cases' own times, so that a day on which nothing ran is made good; exact for a day that has just begun.
    """
    today = clock.today()
    wanted = {today - dt.timedelta(days=back) for back in range(days + 1)}
    missing = wanted - set(DayFigure.objects.filter(place=None, what="standing", day__in=wanted).values_list("day", flat=True))
    for day in sorted(missing):
        _keep_standing(day)
    return len(missing)


@transaction.atomic
def _keep_standing(day: dt.date) -> None:
    began = clock.start_of(day)
    stood = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gt=began), registered_at__lte=began)
    late = Q(is_late=True, resolve_due__lte=began)
    rows = stood.order_by().values(*DAY_RUNGS).annotate(n=Count("id"), late=Count("id", filter=late))
    counted = [0, *(node.id for node in territory().nodes.values() if node.rung in DAY_LEVELS)]
    found = Counter({_day_key(day, place_id, what): 0 for place_id in counted for what in ("standing", "standing_late")})
    for row in rows:
        for place_id in _counted_in(SimpleNamespace(**row)):
            found[_day_key(day, place_id, "standing")] += row["n"]
            found[_day_key(day, place_id, "standing_late")] += row["late"]
    DayFigure.objects.bulk_create(
        [DayFigure(key=key, count=n, **_day_columns(key)) for key, n in sorted(found.items())], batch_size=1000, ignore_conflicts=True
    )


def recount() -> dict[str, int]:
    """The open figures counted anew from the cases: what the kept ones must equal."""
    found: Counter[str] = Counter()
    rows = Case.objects.values(*PLACE_KEYS, "category_id", "state", "is_late").annotate(n=Count("id"))
    for row in rows:
        for key in buckets(SimpleNamespace(**row)):
            found[key] += row["n"]
    return dict(found)


class Tally:
    """Figures of many batches, added once at the end."""

    def __init__(self) -> None:
        self.open: Counter[str] = Counter()
        self.days: Counter[str] = Counter()

    @transaction.atomic
    def add(self) -> None:
        """Add what was gathered to the kept figures, in bulk."""
        known = set(OpenFigure.objects.values_list("key", flat=True))
        fresh = [OpenFigure(key=key, count=n, **_columns(key)) for key, n in sorted(self.open.items()) if key not in known]
        OpenFigure.objects.bulk_create(fresh, batch_size=1000)
        _add_open(Counter({key: n for key, n in self.open.items() if key in known}))
        known = set(DayFigure.objects.values_list("key", flat=True))
        days = [DayFigure(key=key, count=n, **_day_columns(key)) for key, n in sorted(self.days.items()) if key not in known]
        DayFigure.objects.bulk_create(days, batch_size=1000)
        _add_days(Counter({key: n for key, n in self.days.items() if key in known}))
