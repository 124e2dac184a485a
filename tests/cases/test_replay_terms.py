"""Terms learned from past requests: hours, holidays that counted, working days and natural time."""

from __future__ import annotations

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest

from gongzhi.cases.replay.terms import Learned, Seen, Term, begins, due_of, is_right, learn, office, predict
from gongzhi.kernel.workdays import Calendar

ZONE = ZoneInfo("America/New_York")
OFFICE = office(ZONE, dt.time(8, 30), dt.time(17))
HOLIDAY = dt.date(2011, 9, 5)
TERMS = {
    "pothole": Term(2, "working_days"),
    "light": Term(10, "working_days"),
    "heat": Term(30, "natural_days"),
    "leak": Term(90, "minutes"),
}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("opened", "start"),
    [
        ("2011-10-12 10:00", "2011-10-12 10:00"),  # Wednesday, open
        ("2011-10-12 02:00", "2011-10-12 02:00"),  # before opening: the same day counts
        ("2011-10-12 17:00", "2011-10-13 08:30"),  # closed
        ("2011-10-14 20:00", "2011-10-17 08:30"),  # Friday evening
        ("2011-10-15 10:00", "2011-10-17 10:00"),  # Saturday: Monday at the same time
        ("2011-10-15 20:00", "2011-10-18 08:30"),  # Saturday evening: Monday is closed by then
        ("2011-11-05 10:00", "2011-11-07 10:00"),  # the clocks go back on Sunday
    ],
)
def test_when_an_office_can_begin(opened: str, start: str) -> None:
    assert begins(OFFICE, at(opened)) == at(start)


def requests(calendar: Calendar, days: int = 90, count: int = 3000) -> list[Seen]:
    rng = random.Random(7)
    first = at("2011-07-01 00:00")
    rows = []
    for number in range(count):
        opened = first + dt.timedelta(minutes=rng.randrange(days * 24 * 60))
        kind = sorted(TERMS)[number % len(TERMS)]
        rows.append(Seen(kind, opened, due_of(calendar, TERMS[kind], opened)))
    return rows


def plain(learned: Learned) -> dict[str, tuple[int, str]]:
    return {kind: (term.amount, term.unit) for kind, term in learned.terms.items()}


@pytest.mark.parametrize("counts", [True, False])
def test_hours_terms_and_holidays_are_found_again(counts: bool) -> None:
    calendar = Calendar(tz=ZONE, days={HOLIDAY: False} if counts else {}, hours=OFFICE.hours)
    learned = learn(requests(calendar), ZONE, [HOLIDAY])
    assert (learned.opens, learned.closes) == (dt.time(8, 30), dt.time(17))
    assert (learned.holidays, learned.ignored_holidays) == (((HOLIDAY,), ()) if counts else ((), (HOLIDAY,)))
    assert plain(learned) == {kind: (term.amount, term.unit) for kind, term in TERMS.items()}


def test_what_is_predicted_comes_from_the_past_alone() -> None:
    rows = requests(OFFICE)
    known, later = rows[:1500], rows[1500:]
    learned = learn(known, ZONE)
    assert all(is_right(predict(learned, row.kind, row.opened), row.due) for row in later if row.due)
    slower = Term(5, "working_days")
    changed = [Seen(row.kind, row.opened, due_of(OFFICE, slower, row.opened)) for row in later]
    assert not any(is_right(predict(learned, row.kind, row.opened), row.due) for row in changed if row.due and row.kind == "pothole")
    assert predict(learned, "never seen", later[0].opened) is None


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_wrong_by_an_hour_is_wrong(hours: int) -> None:
    due = at("2011-10-12 10:00")
    assert not is_right(due + dt.timedelta(hours=hours), due)
    assert is_right(due + dt.timedelta(minutes=59 * hours), due)
