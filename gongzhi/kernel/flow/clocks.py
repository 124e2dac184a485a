"""Clocks of what is owed by a moment: they warn once at a quarter, are late, climb each day, and ring once however many ticks run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.errors import Conflict, DomainError
from gongzhi.kernel.flow.alarms import Alarm, Running, alarms_of, due_between, next_after
from gongzhi.kernel.models.flow import Timed

T = TypeVar("T", bound=Timed)
Ring = Callable[[T, list[Alarm]], None]
BATCH = 200


def start(row: Timed, due: dt.datetime, *, since: dt.datetime | None = None) -> None:
    """Start (or set anew) the clock on the instance; the caller saves. Raises DomainError for a time that is past already."""
    if due <= clock.now():
        raise DomainError(_("时限要晚于现在，请另选一个时间。"), field="due")
    row.clock_from = row.clock_from or since or clock.now()
    row.due_at, row.done_at = due, None
    row.next_alarm = next_after(_alarms(row), clock.now() - dt.timedelta(microseconds=1))


def stop(row: Timed, *, at: dt.datetime | None = None) -> None:
    """What was owed is done: on the instance; the caller saves. Done after its time it stays late."""
    row.done_at = at or clock.now()
    row.is_late = row.is_late or (row.due_at is not None and row.done_at > row.due_at)
    row.next_alarm = None


def resume(row: Timed) -> None:
    """What was said to be done is owed again, by its old time; on the instance, the caller saves. Past that time it rings at once."""
    row.done_at = None
    if row.due_at is not None:
        row.next_alarm = next_after(_alarms(row), clock.now()) if row.due_at > clock.now() else clock.now()


def rest(row: Timed) -> None:
    """Nothing is owed any more, done or not: the clock falls silent, and would begin anew."""
    row.clock_from = row.next_alarm = None


def ring_due(model: type[T], ring: Ring[T], *, limit: int = BATCH) -> int:
    """Ring what has come due, each row in its own transaction; returns how many rows were looked at.

    `ring(row, alarms)` runs inside it and says what is to be said; a row that somebody else moved meanwhile is left to the next tick.
    """
    due = model._default_manager.filter(next_alarm__lte=clock.now()).order_by("next_alarm")
    ids = list(due.values_list("pk", flat=True)[:limit])
    for pk in ids:
        try:
            _ring(model, pk, ring)
        except Conflict:
            continue
    return len(ids)


@transaction.atomic
def _ring(model: type[T], pk: int, ring: Ring[T]) -> None:
    now, row = clock.now(), model._default_manager.get(pk=pk)
    since = row.next_alarm
    if since is None or since > now:
        return
    fired = due_between(_alarms(row), since, now)
    row.is_late = row.is_late or (row.due_at is not None and row.due_at <= now)
    row.next_alarm = next_after(_alarms(row), now)
    claimed = model._default_manager.filter(pk=pk, next_alarm=since).update(next_alarm=row.next_alarm, is_late=row.is_late)
    if claimed and fired:
        ring(row, fired)


def _alarms(row: Timed) -> list[Alarm]:
    if row.clock_from is None or row.due_at is None or row.done_at is not None:
        return []
    return alarms_of([Running("", row.clock_from, row.due_at)])
