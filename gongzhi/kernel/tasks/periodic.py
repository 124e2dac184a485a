"""Periodic jobs: each has one row that says when it is due and who holds it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from gongzhi.kernel import clock
from gongzhi.kernel.models.tasks import PeriodicRun, WorkerPresence
from gongzhi.kernel.tasks.jobs import forget_old_results, reap
from gongzhi.kernel.tasks.presence import Presence, living

logger = logging.getLogger(__name__)

R = TypeVar("R")
DAY = 24 * 3600


@dataclass(frozen=True)
class Periodic:
    name: str
    func: Callable[[], object]
    seconds: int


_registered: dict[str, Periodic] = {}


def periodic(*, seconds: int) -> Callable[[Callable[[], R]], Callable[[], R]]:
    """Run a module-level function every so many seconds in one of the workers. It stays an ordinary function."""

    def register(func: Callable[[], R]) -> Callable[[], R]:
        name = f"{func.__module__}.{func.__qualname__}"
        _registered[name] = Periodic(name, func, seconds)
        return func

    return register


def tick(presence: Presence | None = None) -> list[str]:
    """Run the periodic jobs that are due and that no living worker holds; the names of those that ran without an error.

    A job that fails is logged and comes round again at its next time.
    """
    if presence is None:
        with Presence(beats=False) as own:
            return tick(own)
    reap()
    claimed = (run for run in _due(clock.now(), presence.id) if _claim(run, presence.id))
    return [run.name for run in claimed if _run(run.name, presence.id)]


def _due(now: datetime, worker_id: str) -> list[PeriodicRun]:
    rows = _rows()
    if missing := _registered.keys() - {row.name for row in rows}:
        PeriodicRun.objects.bulk_create([PeriodicRun(name=name, due_at=now) for name in sorted(missing)], ignore_conflicts=True)
        rows = _rows()
    # A worker runs its periodic jobs one after the other: what it seems to hold itself is left from a database that
    # was away.
    alive = living() - {worker_id} if any(row.worker for row in rows) else frozenset[str]()
    return [row for row in rows if (row.worker not in alive if row.worker else row.due_at <= now)]


def _rows() -> list[PeriodicRun]:
    return list(PeriodicRun.objects.filter(name__in=list(_registered)).order_by("due_at"))


def _claim(seen: PeriodicRun, worker_id: str) -> int:
    """Exchange the row only if it is still as it was seen: of several workers one wins, on both databases alike."""
    now = clock.now()
    return PeriodicRun.objects.filter(name=seen.name, worker=seen.worker, due_at=seen.due_at).update(
        worker=worker_id, started_at=now, due_at=now + timedelta(seconds=_registered[seen.name].seconds)
    )


def _run(name: str, worker_id: str) -> bool:
    error = ""
    try:
        _registered[name].func()
    except Exception as caught:
        logger.exception("periodic job %s failed", name)
        error = f"{type(caught).__qualname__}: {caught}"[:1000]
    finally:
        PeriodicRun.objects.filter(name=name, worker=worker_id).update(worker="", finished_at=clock.now(), last_error=error)
    return not error


@periodic(seconds=DAY)
def forget_finished() -> int:
    """Results of old jobs, and workers long gone; how many rows."""
    gone = WorkerPresence.objects.filter(alive_until__lt=clock.wall() - timedelta(days=1)).delete()[0]
    return gone + forget_old_results()
