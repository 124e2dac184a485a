"""The work calendar: which days are worked, and due times counted in natural or working time. The core is pure.

Units: `minutes`, `hours`, `natural_days` run through nights and holidays; `working_minutes`, `working_hours` run only while
offices are open; `working_days` lands on the same local time of the n-th working day after.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from gongzhi.kernel.caches import Cached
from gongzhi.kernel.models.workdays import CalendarDay, WorkHours

NATURAL: Final = {"minutes": dt.timedelta(minutes=1), "hours": dt.timedelta(hours=1)}
WORKING: Final = {"working_minutes": dt.timedelta(minutes=1), "working_hours": dt.timedelta(hours=1)}
UNITS: Final = (*NATURAL, "natural_days", *WORKING, "working_days")
OFFICE: Final = ((dt.time(9), dt.time(12)), (dt.time(13, 30), dt.time(17, 30)))
"""Opening hours where a town has set none."""
FURTHEST: Final = 3660
"""Days a calendar looks ahead before it says that nothing is ever open."""
ZERO = dt.timedelta(0)

Hours = Sequence[tuple[dt.time, dt.time]]


@dataclass(frozen=True)
class Calendar:
    """A place's working time. `days` overrides the weekdays; `hours` by weekday (0 = Monday), else `OFFICE` Monday to Friday."""

    tz: ZoneInfo
    days: Mapping[dt.date, bool] = field(default_factory=dict)
    hours: Mapping[int, Hours] = field(default_factory=dict)
    confirmed_years: frozenset[int] = frozenset()

    def is_workday(self, day: dt.date) -> bool:
        """Worked, by notice or by weekday."""
        return self.days.get(day, day.weekday() < 5)

    def is_confirmed(self, day: dt.date) -> bool:
        """Does a State Council notice cover this day's year?"""
        return day.year in self.confirmed_years

    def spans(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        """The open spans of a local day, in UTC."""
        if not self.is_workday(day):
            return []
        weekday = day.weekday() if day.weekday() in self.hours or day.weekday() < 5 else 0
        hours = self.hours.get(weekday, OFFICE)
        return [(self._utc(day, opens), self._utc(day, closes)) for opens, closes in hours]

    def is_open(self, moment: dt.datetime) -> bool:
        """Are offices open at this moment?"""
        return any(opens <= moment < closes for opens, closes in self.spans(moment.astimezone(self.tz).date()))

    def add(self, start: dt.datetime, amount: float, unit: str) -> dt.datetime:
        """The moment `amount` of `unit` after `start` (aware; the answer is in UTC). Raises ValueError for an unknown unit."""
        if unit in NATURAL:
            return start.astimezone(dt.UTC) + NATURAL[unit] * amount
        if unit == "natural_days":
            local = start.astimezone(self.tz)
            return (local.replace(tzinfo=None) + dt.timedelta(days=amount)).replace(tzinfo=self.tz).astimezone(dt.UTC)
        if unit in WORKING:
            return self._add_open(start.astimezone(dt.UTC), WORKING[unit] * amount)
        if unit == "working_days":
            local = start.astimezone(self.tz)
            day = self._nth_workday(local.date(), int(amount))
            return dt.datetime.combine(day, local.time(), self.tz).astimezone(dt.UTC)
        raise ValueError(f"unknown unit {unit!r}")

    def between(self, start: dt.datetime, end: dt.datetime, unit: str) -> float:
        """How much of `unit` lies between two moments; negative when `end` is before `start`."""
        if end < start:
            return -self.between(end, start, unit)
        if unit in NATURAL:
            return (end - start) / NATURAL[unit]
        if unit == "natural_days":
            naive = [moment.astimezone(self.tz).replace(tzinfo=None) for moment in (start, end)]
            return (naive[1] - naive[0]) / dt.timedelta(days=1)
        if unit in WORKING:
            return self._open_between(start, end) / WORKING[unit]
        return self._workdays_between(start, end)

    def shift(self, due: dt.datetime, paused_at: dt.datetime, resumed_at: dt.datetime, unit: str) -> dt.datetime:
        """The due time after a pause: what was left then is left now. Never earlier than `due`."""
        if paused_at >= due:
            return due
        left = self.between(paused_at, due, unit or "minutes")
        if unit == "working_days":
            moved = self._add_open(resumed_at.astimezone(dt.UTC), self._open_between(paused_at, due))
        else:
            moved = self.add(resumed_at, left, unit or "minutes")
        return max(due, moved)

    def remaining(self, now: dt.datetime, due: dt.datetime, unit: str) -> dt.timedelta:
        """What is left until `due`: open time for working units, natural time otherwise; negative when late."""
        if not unit.startswith("working"):
            return due - now
        return self._open_between(now, due) if due >= now else -self._open_between(due, now)

    def _utc(self, day: dt.date, at: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, at, self.tz).astimezone(dt.UTC)

    def _add_open(self, start: dt.datetime, wanted: dt.timedelta) -> dt.datetime:
        left, day = wanted, start.astimezone(self.tz).date()
        for _number in range(FURTHEST):
            for opens, closes in self.spans(day):
                begins = max(opens, start)
                if begins < closes:
                    if closes - begins >= left:
                        return begins + left
                    left -= closes - begins
            day += dt.timedelta(days=1)
        raise ValueError("this calendar is never open")

    def _open_between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        total, day, last = ZERO, start.astimezone(self.tz).date(), end.astimezone(self.tz).date()
        while day <= last:
            for opens, closes in self.spans(day):
                total += max(ZERO, min(closes, end) - max(opens, start))
            day += dt.timedelta(days=1)
        return total

    def _nth_workday(self, day: dt.date, number: int) -> dt.date:
        for _step in range(FURTHEST):
            if number <= 0:
                return day
            day += dt.timedelta(days=1)
            number -= self.is_workday(day)
        raise ValueError("this calendar is never open")

    def _workdays_between(self, start: dt.datetime, end: dt.datetime) -> float:
        first, last = start.astimezone(self.tz), end.astimezone(self.tz)
        days, day = 0, first.date()
        while day < last.date():
            day += dt.timedelta(days=1)
            days += self.is_workday(day)
        return days + (0 if last.time() >= first.time() or not days else -1)


def _load() -> Calendar:
    rows = list(CalendarDay.objects.values_list("date", "is_workday", "is_confirmed"))
    hours: dict[int, list[tuple[dt.time, dt.time]]] = {}
    for weekday, opens, closes in WorkHours.objects.order_by("weekday", "opens").values_list("weekday", "opens", "closes"):
        hours.setdefault(weekday, []).append((opens, closes))
    return Calendar(
        tz=ZoneInfo(timezone.get_default_timezone_name()),
        days={day: worked for day, worked, _confirmed in rows},
        hours=hours,
        confirmed_years=frozenset(day.year for day, _worked, confirmed in rows if confirmed),
    )


_cached = Cached("calendar", _load)


def load_calendar() -> Calendar:
    """This instance's calendar as of the request: `CalendarDay` and `WorkHours` rows, held in process."""
    return _cached.get()
