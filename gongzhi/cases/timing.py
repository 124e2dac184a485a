"""The clocks of a case: promised times by the rows in force, what runs now, when to look next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case
from gongzhi.cases.workflow import ACCEPT, CLOCKS_REST, RESOLVE, RESPOND, State
from gongzhi.kernel import clock
from gongzhi.kernel.flow.alarms import Alarm, Running, alarms_of, next_after
from gongzhi.kernel.workdays import load_calendar

FALLBACK = dt.timedelta(days=15)
"""Where a town has no row at all, the longest term seen in practice (facts.md), marked unconfirmed: no case is without a promise."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A due time with the unit it is counted in; `is_confirmed` False: the term's row is not confirmed yet."""

    due: dt.datetime | None
    unit: str = ""
    is_confirmed: bool = True


def promise(which: str, category_id: int | None, start: dt.datetime) -> Promise:
    """The due time of a clock that starts at `start`, by the term in force on that day."""
    term = catalogue().term(which, category_id, start.date())
    if term is None:
        return Promise(start + FALLBACK, "natural_days", is_confirmed=False) if which == RESOLVE else Promise(None)
    return Promise(load_calendar().add(start, term.amount, term.unit), term.unit, term.is_confirmed)


def running_clocks(case: Case) -> list[Running]:
    """The clocks that run in the case's present state. A resting state runs none."""
    if case.state in CLOCKS_REST:
        return []
    rows = (
        (ACCEPT, case.accept_due, case.accepted_at),
        (RESPOND, case.respond_due, case.responded_at),
        (RESOLVE, case.resolve_due, case.resolved_at),
    )
    return [Running(name, case.clock_from, due) for name, due, done in rows if due is not None and done is None]


def wake_at(case: Case) -> dt.datetime | None:
    """When a resting case must be looked at again: start of the local day in `look_again_on`."""
    if case.look_again_on is None or case.state not in {State.SUSPENDED, State.LONG_TERM, State.CLOSED, State.RATED}:
        return None
    return clock.start_of(case.look_again_on)


def case_alarms(case: Case) -> list[Alarm]:
    return alarms_of(running_clocks(case), wake_at(case))


def set_next_due(case: Case, now: dt.datetime) -> None:
    """Write `next_due` on the instance: the first alarm after `now`."""
    case.next_due = next_after(case_alarms(case), now)


def rested(case: Case, now: dt.datetime) -> dict[str, Any]:
    """What a rest that began at `paused_at` does to the clock: it starts and is due later, with as much left as was left then."""
    due = after_pause(case, now)
    pause = due - case.resolve_due if due and case.resolve_due else dt.timedelta(0)
    return {
        "resolve_due": due,
        "clock_from": min(case.clock_from + pause, now),
        "is_late": due is not None and due < now,
        "paused_at": None,
        "look_again_on": None,
    }


def after_pause(case: Case, now: dt.datetime) -> dt.datetime | None:
    """The resolve due time after a rest that began at `paused_at`: what was left then is left now, never less."""
    if case.resolve_due is None or case.paused_at is None:
        return case.resolve_due
    return load_calendar().shift(case.resolve_due, case.paused_at, now, case.resolve_unit)
