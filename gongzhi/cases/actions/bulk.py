"""Whole lives of cases in bulk: the rows that acting would have left, written a batch at a time (demo, replay, import).

Nothing here knows better than the acts: the case comes from `intake`, each move from the transition table through the same
`moves` functions, the clocks from `timing`, the alarms from `alarming`'s rules. Left out, because the past needs none: notices,
events, photos. `tests/cases/test_bulk.py` lives the same lives both ways and compares them column by column.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

from django.db import models, transaction

from gongzhi.cases import timing
from gongzhi.cases.actions import bulk_rows, figures, intake, moves
from gongzhi.cases.actions.intake import Report
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, Reporter, Step
from gongzhi.cases.workflow import MOVES, RESOLVE, Duty
from gongzhi.community.actors import SYSTEM, Actor, Held
from gongzhi.community.levels import GRID, rung_above
from gongzhi.community.territory import territory
from gongzhi.kernel import audit, caches, clock, codes
from gongzhi.kernel.flow.alarms import LATE, WAKE, Alarm, due_between
from gongzhi.kernel.flow.tables import Saying
from gongzhi.kernel.models import AuditEntry
from gongzhi.kernel.workdays import load_calendar

SILENT = Saying()


@dataclass(frozen=True, slots=True)
class Act:
    """One planned move: when, by whom, in which duty, from which post. `rows` makes what belongs to it (a Return, a Request)."""

    name: str
    at: dt.datetime
    by: Actor = SYSTEM
    duty: Duty = Duty.SYSTEM
    post: Held | None = None
    say: Saying | Callable[[Case], Saying] = SILENT
    changes: Mapping[str, Any] | Callable[[Case], Mapping[str, Any]] | None = None
    rows: Callable[[Case], Iterable[models.Model]] | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """A case from its report at `at` through its acts in order of time; alarms ring on their way up to `rings_until`.

    `settle` may put right what the channel knows better than intake, before the row is written.
    """

    report: Report
    by: Actor
    at: dt.datetime
    acts: Sequence[Act] = ()
    rings_until: dt.datetime | None = None
    settle: Callable[[Case], None] | None = None


def write_lives(lives: Sequence[Life], *, fold: bool = False, tally: figures.Tally | None = None) -> list[Case]:
    """Write a batch of lives in one transaction.

    `fold`: count them into the figures at once instead of leaving it to the tick; with a `tally` they are gathered there, and the
    caller adds them at the end.
    """
    gathered = tally or (figures.Tally() if fold else None)
    with caches.pinned():
        # Loaded before the transaction begins, so that the process keeps them for the next batch.
        territory(), catalogue(), load_calendar()
        with _no_collecting(), transaction.atomic():
            cases = _Batch(lives, gathered).write()
            if gathered and not tally:
                gathered.add()
            return cases


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Rows pile up until the batch is written and none of them is garbage: looking for it costs a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


step_values = itemgetter(*bulk_rows.columns_of(Step, with_id=False))
STEP_DEFAULTS: dict[str, Any] = {"is_public": True, "reason": "", "note": "", "photos": [], "data": {}, "is_counted": False}
case_values = bulk_rows.values_getter(Case, with_id=True)
audit_values = bulk_rows.values_getter(AuditEntry, with_id=False)
reporter_values = bulk_rows.values_getter(Reporter, with_id=False)
COUNTED_VERBS = frozenset({"register", "rate", "reopen"})


@dataclass(slots=True)
class _Entry:
    """A line of the record with the columns of `AuditEntry`, without the weight of a model. Facts here are ids, numbers and states."""

    at: dt.datetime
    actor_id: int | None
    actor_body_id: int | None
    verb: str
    object_type: str
    object_id: int
    object_code: str
    facts: Mapping[str, Any]
    digest: str


@dataclass(slots=True)
class _Batch:
    lives: Sequence[Life]
    tally: figures.Tally | None
    cases: list[Case] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)
    reporters: list[Reporter] = field(default_factory=list)
    others: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)

    def write(self) -> list[Case]:
        ids = bulk_rows.reserve_ids(Case, len(self.lives))
        for pk, life in zip(ids, self.lives, strict=True):
            self._live(pk, life)
        bulk_rows.insert(Case, map(case_values, self.cases), with_id=True)
        bulk_rows.insert(Step, map(step_values, self.steps), with_id=False)
        bulk_rows.insert(AuditEntry, map(audit_values, self.entries), with_id=False)
        bulk_rows.insert(Reporter, map(reporter_values, self.reporters), with_id=False)
        for model, rows in self.others.items():
            bulk_rows.insert(model, map(bulk_rows.values_getter(model, with_id=False), rows), with_id=False)
        return self.cases

    def _live(self, pk: int, life: Life) -> None:
        case, at = self._begin(pk, life), life.at.astimezone(dt.UTC)
        first = len(self.steps) - 1
        rings = life.rings_until is not None
        for act in life.acts:
            if act.at < at:
                raise ValueError(f"{act.name} at {act.at} is before what went before it")
            at = act.at.astimezone(dt.UTC)
            if rings:
                self._ring(case, at)
            self._act(case, act, at, rings)
        if life.rings_until is not None:
            self._ring(case, life.rings_until)
        elif life.acts and "next_due" not in _changes(life.acts[-1], case):
            timing.set_next_due(case, at)
        if life.settle:
            life.settle(case)
        self._count(case, self.steps[first:])
        self.cases.append(case)

    def _begin(self, pk: int, life: Life) -> Case:
        with clock.at(life.at):
            claim = intake._claim_code(life.report, life.by)
            case = intake._new_case(life.report, life.by, codes.new_code("GZ"))
            case.pk = pk
            reporter = intake._reporter(case, life.report, life.by, claim)
        self.steps.append(STEP_DEFAULTS | intake.first_step(case, life.by))
        facts = {"channel": case.channel, "place": case.place_id}
        self._record("register", case, case.opened_by_id, facts, case.registered_at)
        if reporter is not None:
            self.reporters.append(reporter)
        return case

    def _act(self, case: Case, act: Act, at: dt.datetime, rings: bool) -> None:
        move = MOVES[act.name]
        if not move.allows(case.state, (act.duty,)):
            raise ValueError(f"{act.name} from {case.state} by {act.duty} is not in the table")
        say = act.say(case) if callable(act.say) else act.say
        if move.needs_reason and not (say.reason or say.note).strip():
            raise ValueError(f"{act.name} needs a reason")
        before, changes = case.state, _changes(act, case)
        # Between two moves nobody looks at the next alarm unless alarms ring here: it is worked out once, at the end.
        moves._apply(case, move, at, changes if rings else {"next_due": None, **changes})
        step = STEP_DEFAULTS | moves.step_fields(case, move, at, before, act.by, act.duty, act.post, say)
        self.steps.append(step)
        self._record(act.name, case, act.by.user_id, {"from": before, "to": case.state, "seq": step["seq"]}, at)
        if act.rows:
            for row in act.rows(case):
                self.others.setdefault(type(row), []).append(row)

    def _ring(self, case: Case, until: dt.datetime) -> None:
        """The alarms due before `until`, each at its own moment, as a tick that never sleeps rings them. Wake-ups are planned acts."""
        while case.next_due is not None and case.next_due < until:
            now = case.next_due
            fired = due_between(timing.case_alarms(case), now, now)
            if any(alarm.kind == WAKE for alarm in fired):
                return
            late = [alarm for alarm in fired if alarm.kind == LATE]
            act = _escalation(case, now, late) if late else Act("warn", now, say=Saying(data={"clocks": _clocks(fired)}))
            self._act(case, act, now, True)

    def _record(self, name: str, case: Case, by_id: int | None, facts: Mapping[str, Any], at: dt.datetime) -> None:
        row: Any = _Entry(at, by_id, None, f"case.{name}", "cases.case", case.pk, case.code, facts, "")
        row.digest = audit.digest_of(row)
        self.entries.append(row)

    def _count(self, case: Case, steps: list[dict[str, Any]]) -> None:
        if self.tally is None:
            return
        keys = figures.buckets(case)
        case.is_counted, case.counted_as = True, " ".join(keys)
        self.tally.open.update(keys)
        for step in steps:
            step["is_counted"] = True
            if step["verb"] in COUNTED_VERBS or step["to_state"] == "closed":
                facts: Any = SimpleNamespace(case=case, **step)
                self.tally.days.update(figures.day_keys(facts))


def _changes(act: Act, case: Case) -> Mapping[str, Any]:
    return act.changes(case) if callable(act.changes) else act.changes or {}


def _escalation(case: Case, now: dt.datetime, late: list[Alarm]) -> Act:
    """As `alarming` escalates, without telling anybody."""
    rung = case.alarm_level or GRID
    for _alarm in late:
        rung = rung_above(rung) or rung
    clocks = _clocks(late)
    changes = {"alarm_level": rung, "is_late": case.is_late or RESOLVE in clocks}
    return Act("escalate", now, say=Saying(data={"clocks": clocks, "level": rung}), changes=changes)


def _clocks(fired: list[Alarm]) -> list[str]:
    return sorted({alarm.clock for alarm in fired})
