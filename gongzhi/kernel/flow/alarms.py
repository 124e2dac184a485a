"""When a case must be looked at next: warnings, due times, escalations, caps. Pure.

A clock warns when a quarter of its time is left, is late at its due time, and climbs one rung each further day until the district.
Suspended and long-term cases wake at their cap or review date, cases closed for now at the day to look again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

WARN, LATE, WAKE = "warn", "late", "wake"
CLIMB_EVERY = dt.timedelta(days=1)
CLIMBS = 3
"""Rungs above the grid: community, street, district."""


@dataclass(frozen=True, slots=True)
class Running:
    """One running clock: `started_at` .. `due`, all aware UTC."""

    clock: str
    started_at: dt.datetime
    due: dt.datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """At `at`, `kind` of `clock`; `climb` counts the rungs a late clock has climbed."""

    at: dt.datetime
    kind: str
    clock: str
    climb: int = 0


def alarms_of(running: Iterable[Running], wake_at: dt.datetime | None = None) -> list[Alarm]:
    """All alarms of the running clocks in order of time."""
    found = [Alarm(wake_at, WAKE, "")] if wake_at else []
    for one in running:
        found.append(Alarm(one.due - (one.due - one.started_at) / 4, WARN, one.clock))
        found.extend(Alarm(one.due + CLIMB_EVERY * climb, LATE, one.clock, climb) for climb in range(CLIMBS))
    return sorted(found, key=lambda alarm: alarm.at)


def next_after(alarms: Iterable[Alarm], moment: dt.datetime) -> dt.datetime | None:
    """The first alarm strictly after `moment`."""
    return next((alarm.at for alarm in alarms if alarm.at > moment), None)


def due_between(alarms: Iterable[Alarm], since: dt.datetime, until: dt.datetime) -> list[Alarm]:
    """Alarms from `since` to `until`, both included: what a tick at `until` must fire when `next_due` was `since`."""
    return [alarm for alarm in alarms if since <= alarm.at <= until]
