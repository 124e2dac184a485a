"""Figures kept as cases change: cases marked uncounted move between buckets, uncounted steps add to their day.

Exact by construction: a case remembers the bucket it stands in (`counted_as`), so folding twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from gongzhi.cases.models import Case, DayFigure, OpenFigure, Step
from gongzhi.cases.workflow import State

BATCH = 2000
KEYS = ("district_id", "street_id", "community_id", "grid_id", "category_id")


def bucket(case: Any) -> str:
    """The bucket a case stands in: its level keys, category, state and lateness."""
    return ":".join(str(part or 0) for part in (*(getattr(case, key) for key in KEYS), case.state, int(case.is_late)))


def fold_figures(*, limit: int = BATCH) -> int:
    """Fold up to `limit` changed cases and `limit` steps; returns how many rows were folded."""
    return _fold_cases(limit) + _fold_steps(limit)


@transaction.atomic
def _fold_cases(limit: int) -> int:
    rows = list(Case.objects.filter(is_counted=False).order_by("id").only("id", "version", "state", "is_late", "counted_as", *KEYS)[:limit])
    moved: Counter[str] = Counter()
    for row in rows:
        new = bucket(row)
        same = Case.objects.filter(pk=row.pk, version=row.version, counted_as=row.counted_as, is_counted=False)
        if same.update(is_counted=True, counted_as=new) and new != row.counted_as:
            moved[new] += 1
            if row.counted_as:
                moved[row.counted_as] -= 1
    _add_open(moved)
    return len(rows)


def _add_open(moved: Counter[str]) -> None:
    for key, change in sorted(moved.items()):
        if change and not OpenFigure.objects.filter(key=key).update(count=F("count") + change):
            OpenFigure.objects.create(key=key, count=change, **_columns(key))


def _columns(key: str) -> dict[str, Any]:
    *ids, state, late = key.split(":")
    return {**{name: int(one) or None for name, one in zip(KEYS, ids, strict=True)}, "state": state, "is_late": late == "1"}


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
            day, district, street, community, what = key.split(":")
            ids = {"district_id": int(district) or None, "street_id": int(street) or None, "community_id": int(community) or None}
            DayFigure.objects.create(key=key, day=dt.date.fromisoformat(day), what=what, count=change, **ids)


def recount() -> dict[str, int]:
    """The open figures counted anew from the cases: what the kept ones must equal."""
    rows = Case.objects.values(*KEYS, "state", "is_late").annotate(n=Count("id"))
    return {":".join(str(part or 0) for part in (*(row[key] for key in KEYS), row["state"], int(row["is_late"]))): row["n"] for row in rows}
