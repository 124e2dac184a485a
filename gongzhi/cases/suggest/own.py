"""Learning from the site's own closed cases: which of them, when, and whether the new model takes the old one's place.

Only matters that were closed and seen by a second person teach, by the category they ended with. It runs in the worker or by
command, never in a request; the number of cases and of characters read from each bound its memory.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.timezone import localtime

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, Reporter, SpotCheck, Step
from gongzhi.cases.models.case import CaseQuerySet
from gongzhi.cases.suggest import store
from gongzhi.cases.suggest.model import Model
from gongzhi.cases.suggest.training import LEAST_ROWS, Report, Row, Say, distinct, held_out, train
from gongzhi.cases.workflow import State
from gongzhi.kernel import clock

LEAST_CASES = 500
LEAST_NEW = 50
NIGHT = range(2, 5)
MOST_CASES = 10_000
"""The newest ones: about 0.6 GB and two minutes while it learns."""
LONGEST = 400
LEAST_OF_A_LABEL = 10
"""A category with fewer cases is not learned yet: its words stand in its keyword rules."""
LEAST_F1 = 0.5
"""Below this no suggestion is better than one."""
MAY_LOSE = 0.02


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of learning: `is_taken` False: the old model, or none, stays in force, and `why` says so."""

    rows: int
    labels: int
    report: Report | None
    is_taken: bool
    why: str = ""


def taught() -> CaseQuerySet:
    """Closed cases with words and a category on offer that a checker has passed, or looked over after a closing on the spot."""
    passed = Exists(Step.objects.filter(case=OuterRef("pk"), verb="pass_check"))
    seen = Exists(SpotCheck.objects.filter(case=OuterRef("pk"), passed=True))
    leaves = [leaf.pk for leaf in catalogue().leaves()]
    ended = Case.objects.filter(state__in=[State.CLOSED, State.RATED], category__in=leaves).exclude(description="")
    return ended.filter(Q(passed) | Q(seen))


def is_night() -> bool:
    """Small hours by the town's time."""
    return localtime(clock.now()).hour in NIGHT


def is_due() -> bool:
    """Enough cases, and enough new ones since it last tried (taken or not)."""
    cases, last = taught(), _last_tried()
    if last is not None and cases.filter(closed_at__gt=last)[:LEAST_NEW].count() < LEAST_NEW:
        return False
    return cases[:LEAST_CASES].count() >= LEAST_CASES


def learn(*, say: Say = lambda text: None, even_if_worse: bool = False) -> Lesson:
    """Train, judge on the fifth left out, and take the model into force unless it is worse."""
    _note_tried()
    rows = own_rows()
    labels = len({row.label for row in rows})
    if len(rows) < LEAST_ROWS or labels < 2:
        return Lesson(len(rows), labels, None, is_taken=False, why=f"only {len(rows)} closed, checked cases in {labels} categories")
    say(f"read {len(rows)} cases in {labels} categories")
    report = held_out(rows, say)
    old = store.current(store.OWN)
    if why := _objection(old, report) if not even_if_worse else "":
        return Lesson(len(rows), labels, report, is_taken=False, why=why)
    facts = {"rows": len(rows), "macro_f1": report.macro_f1, "coverage": report.coverage, "by_label": report.by_label}
    replace(train(rows, say), facts=facts).save(store.file_of(store.OWN))
    return Lesson(len(rows), labels, report, is_taken=True)


def own_rows() -> list[Row]:
    """The newest closed cases as labelled texts, without repeats and without categories that have few."""
    codes = {leaf.pk: leaf.code for leaf in catalogue().leaves()}
    main = Reporter.objects.filter(case=OuterRef("pk"), relation=Reporter.Relation.MAIN).order_by("id")
    cases = taught().annotate(
        reporter=Subquery(main.values("user_id")[:1]), reporter_phone=Subquery(main.values("phone_index")[:1])
    )  # fmt: skip
    found = cases.order_by("-id").values_list("description", "category_id", "reporter", "reporter_phone", "found_by_us", "opened_by_id")
    rows = distinct(
        Row(text[:LONGEST], codes[category], _source(user or (finder if by_us else None), phone))
        for text, category, user, phone, by_us, finder in found[:MOST_CASES].iterator()
    )
    counts = Counter(row.label for row in rows)
    return [row for row in rows if counts[row.label] >= LEAST_OF_A_LABEL]


def _source(user_id: int | None, phone_index: str | None) -> str | None:
    """Two texts of one person count once where features are kept; held in memory while learning only."""
    return f"user {user_id}" if user_id else f"phone {phone_index}" if phone_index else None


def _objection(old: Model | None, report: Report) -> str:
    """Why the new model should not be taken, in words; empty when it should."""
    if report.macro_f1 < LEAST_F1:
        return f"macro_f1={report.macro_f1:.4f} is under {LEAST_F1}: too little to suggest anything"
    before: dict[str, float] = old.facts.get("by_label", {}) if old else {}
    # Judged on the categories both know: one more, still hard to tell, must not bar every later model.
    common = sorted(before.keys() & report.by_label.keys())
    if not common:
        return ""
    was, now = (float(np.mean([scores[label] for label in common])) for scores in (before, report.by_label))
    return f"kept the old model: macro_f1 {now:.4f} after {was:.4f} on the categories both know" if now < was - MAY_LOSE else ""


def _tried_file() -> Path:
    return store.file_of(store.OWN).with_suffix(".json")


def _last_tried() -> dt.datetime | None:
    try:
        noted: dict[str, Any] = json.loads(_tried_file().read_text(encoding="utf-8"))
        return dt.datetime.fromisoformat(noted["tried_at"])
    except (OSError, ValueError, KeyError):
        return None


def _note_tried() -> None:
    """Before it begins: what breaks off, for want of memory say, is not begun again every half-hour."""
    _tried_file().parent.mkdir(parents=True, exist_ok=True)
    _tried_file().write_text(json.dumps({"tried_at": clock.now().isoformat()}), encoding="utf-8")
