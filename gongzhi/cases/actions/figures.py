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
from django.db.models import Count, F
from django.utils import timezone

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, DayFigure, OpenFigure, Step
from gongzhi.cases.workflow import State

BATCH = 2000
PLACE_KEYS = ("district_id", "street_id", "community_id", "grid_id")
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
    """The day buckets one step adds to."""
    case, day = step.case, timezone.localdate(step.at)
    where = f"{case.district_id or 0}:{case.street_id or 0}:{case.community_id or 0}"
    return [f"{day.isoformat()}:{where}:{what}" for what in _said_by(step)]


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
    day, district, street, community, what = key.split(":")
    ids = {"district_id": int(district) or None, "street_id": int(street) or None, "community_id": int(community) or None}
    return {"day": dt.date.fromisoformat(day), "what": what, **ids}


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
