"""Promised times learned from requests that carry one: per type an amount and a unit, and the office hours behind them.

A type's term is either natural time or working days. Working days count from when an office could begin: a request on a day off
waits for the next working day, one after closing time for the next opening. Opening, closing and which holidays counted are
learned too. Only `learn` sees due times; `predict` sees the type and when a request was opened. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

from gongzhi.kernel.workdays import Calendar

WITHIN = dt.timedelta(minutes=60)
"""A prediction is right when it is less than this away: a clock that is wrong by one hour is wrong."""
LATEST = 400
"""How many of a type's latest requests speak for it: terms change, and the last ones know."""
SAMPLE = 100
"""How many of them are asked about opening hours and holidays, which all types share."""
DAY = 24 * 60
FURTHEST = 400
"""Working days beyond which no term is counted in them."""
CLOSINGS = tuple(dt.time(hour, minute) for hour in range(15, 20) for minute in (0, 30))


@dataclass(frozen=True, slots=True)
class Seen:
    """One request: its type, when it was opened (aware), when it was due (aware; None: nothing promised)."""

    kind: str
    opened: dt.datetime
    due: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """What a type is promised: `amount` of `unit` (kernel.workdays units); `seen` requests said so, `share` of them exactly."""

    amount: int
    unit: str
    seen: int = 0
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything learned: the calendar (hours, the holidays that counted) and the term of each type."""

    calendar: Calendar
    terms: Mapping[str, Term]
    holidays: tuple[dt.date, ...] = ()
    ignored_holidays: tuple[dt.date, ...] = ()

    @property
    def opens(self) -> dt.time:
        return self.calendar.hours[0][0][0]

    @property
    def closes(self) -> dt.time:
        return self.calendar.hours[0][-1][1]


def learn(rows: Iterable[Seen], zone: ZoneInfo, holidays: Sequence[dt.date] = ()) -> Learned:
    """Learn from past requests. `holidays` are those the law names; each is kept only where it explains the due times better."""
    groups: dict[str, list[Seen]] = defaultdict(list)
    for row in sorted((one for one in rows if one.due is not None), key=lambda one: one.opened):
        groups[row.kind].append(row)
    # Spread over the whole time: a holiday speaks only through the requests around it.
    few = {kind: seen[:: max(1, len(seen) // SAMPLE)] for kind, seen in groups.items()}
    groups = {kind: seen[-LATEST:] for kind, seen in groups.items()}
    opens = _opening(groups, zone)
    calendars = (office(zone, opens, closes) for closes in CLOSINGS if closes > opens)
    explained, calendar, _terms = max((_fit(calendar, few) for calendar in calendars), key=lambda found: found[0])
    kept: list[dt.date] = []
    for day in holidays:
        tried, with_day, _terms = _fit(replace(calendar, days={**calendar.days, day: False}), few)
        if tried > explained:
            explained, calendar = tried, with_day
            kept.append(day)
    terms = _fit(calendar, groups)[2]
    return Learned(calendar, terms, tuple(kept), tuple(day for day in holidays if day not in kept))


def predict(learned: Learned, kind: str, opened: dt.datetime) -> dt.datetime | None:
    """When a request of this type, opened then, will be due; None for a type never seen."""
    term = learned.terms.get(kind)
    return due_of(learned.calendar, term, opened) if term else None


def is_right(predicted: dt.datetime | None, due: dt.datetime) -> bool:
    return predicted is not None and abs(predicted - due) < WITHIN


def due_of(calendar: Calendar, term: Term, opened: dt.datetime) -> dt.datetime:
    """The due time by our own clock; working days count from `begins`."""
    start = begins(calendar, opened) if term.unit == "working_days" else opened
    return calendar.add(start, term.amount, term.unit)


def begins(calendar: Calendar, opened: dt.datetime) -> dt.datetime:
    """When an office can begin: at once on a working day before closing, the same time next working day, or the next opening."""
    local = opened.astimezone(calendar.tz)
    day = _next_workday(calendar, local.date())
    spans = calendar.hours[day.weekday()]
    if local.time() < spans[-1][1]:
        return dt.datetime.combine(day, local.time(), calendar.tz)
    following = _next_workday(calendar, day + dt.timedelta(days=1))
    return dt.datetime.combine(following, calendar.hours[following.weekday()][0][0], calendar.tz)


def office(zone: ZoneInfo, opens: dt.time, closes: dt.time) -> Calendar:
    """A calendar of plain office hours, Monday to Friday."""
    return Calendar(tz=zone, hours=dict.fromkeys(range(7), ((opens, closes),)))


def _next_workday(calendar: Calendar, day: dt.date) -> dt.date:
    while not calendar.is_workday(day):
        day += dt.timedelta(days=1)
    return day


def _opening(groups: Mapping[str, Sequence[Seen]], zone: ZoneInfo) -> dt.time:
    """The time of day at which requests fall due that were opened at another one."""
    times: Counter[dt.time] = Counter()
    for seen in groups.values():
        for row in seen:
            due, opened = _local(row.due, zone), row.opened.astimezone(zone)
            if abs(_minutes(due.time()) - _minutes(opened.time())) > 2:
                times[due.time().replace(second=0)] += 1
    return times.most_common(1)[0][0] if times else dt.time(9)


def _minutes(at: dt.time) -> int:
    return at.hour * 60 + at.minute


def _local(moment: dt.datetime | None, zone: ZoneInfo) -> dt.datetime:
    if moment is None:
        raise ValueError("only rows with a due time are learned from")
    return moment.astimezone(zone)


def _fit(calendar: Calendar, groups: Mapping[str, Sequence[Seen]]) -> tuple[int, Calendar, dict[str, Term]]:
    """How many requests this calendar explains, with the best term of each type under it."""
    count = _WorkdayCount(calendar)
    found = {kind: _term(calendar, count, seen) for kind, seen in groups.items()}
    return sum(right for right, _term_ in found.values()), calendar, {kind: term for kind, (_right, term) in found.items()}


def _term(calendar: Calendar, count: _WorkdayCount, seen: Sequence[Seen]) -> tuple[int, Term]:
    natural = Counter(_natural(row, calendar.tz) for row in seen).most_common(1)[0][0]
    working = Counter(count.between(row) for row in seen).most_common(1)[0][0]
    best = (-1, natural)
    for term in (natural, working):
        right = sum(is_right(due_of(calendar, term, row.opened), _local(row.due, calendar.tz)) for row in seen)
        best = max(best, (right, term), key=lambda pair: pair[0])
    right, term = best
    return right, replace(term, seen=len(seen), share=right / len(seen))


def _natural(row: Seen, zone: ZoneInfo) -> Term:
    """The natural time between the two clock readings; whole days keep the time of day through a change of the clocks."""
    span = _local(row.due, zone).replace(tzinfo=None) - row.opened.astimezone(zone).replace(tzinfo=None)
    minutes = round(span / dt.timedelta(minutes=1))
    return Term(minutes // DAY, "natural_days") if minutes % DAY == 0 else Term(minutes, "minutes")


class _WorkdayCount:
    """Working days between two days without walking from one to the other each time."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.upto = lru_cache(maxsize=None)(self._upto)
        self._known: list[int] = [0]
        self._origin = dt.date(2000, 1, 1)

    def between(self, row: Seen) -> Term:
        start = begins(self.calendar, row.opened).date()
        end = _local(row.due, self.calendar.tz).date()
        days = self.upto(end) - self.upto(start) if end > start else 0
        return Term(min(days, FURTHEST), "working_days")

    def _upto(self, day: dt.date) -> int:
        for number in range(len(self._known), (day - self._origin).days + 1):
            self._known.append(self._known[-1] + self.calendar.is_workday(self._origin + dt.timedelta(days=number)))
        return self._known[(day - self._origin).days]
