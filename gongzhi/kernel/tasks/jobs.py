"""Queued jobs: what they are, and how a worker runs them."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import OperationalError, close_old_connections, transaction
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from gongzhi.kernel import clock
from gongzhi.kernel.tasks.presence import Presence, living

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
Row = DBTaskResult[..., Any]

BACKOFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
KEEP_RESULTS = timedelta(days=14)
WRITE_AGAIN = (1, 5, 20)
"""Seconds between attempts to write the end of a job: nobody else would write it while this worker lives."""


@dataclass(frozen=True)
class Job(Generic[P, R]):
    """A function that a worker runs later. Calling it runs it here and now."""

    func: Callable[P, R]
    retries: int = 3
    backoff: tuple[timedelta, ...] = BACKOFF
    priority: int = 0

    @property
    def path(self) -> str:
        return f"{self.func.__module__}.{self.func.__qualname__}"

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.func(*args, **kwargs)

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Queue it after the commit of the running transaction. Arguments are JSON values: ids."""
        self._enqueue(args, kwargs, None)

    def enqueue_at(self, moment: datetime, *args: P.args, **kwargs: P.kwargs) -> None:
        """The same, not before `moment`."""
        self._enqueue(args, kwargs, moment)

    def _enqueue(self, args: Iterable[Any], kwargs: dict[str, Any], moment: datetime | None) -> None:
        queued = run_job.using(priority=self.priority, run_after=moment)

        def queue() -> None:
            queued.enqueue(self.path, list(args), kwargs)

        transaction.on_commit(queue)

    def wait_after(self, attempts: int) -> timedelta | None:
        """How long to wait after the n-th failed attempt; None when it has been tried often enough."""
        return None if attempts > self.retries else self.backoff[min(attempts, len(self.backoff)) - 1]


def job(*, retries: int = 3, backoff: tuple[timedelta, ...] = BACKOFF, priority: int = 0) -> Callable[[Callable[P, R]], Job[P, R]]:
    """Make a module-level function a background job, tried again up to `retries` times after an exception.

    `priority` runs from -100 to 100, higher first.
    """

    def make(func: Callable[P, R]) -> Job[P, R]:
        return Job(func, retries, backoff, priority)

    return make


def job_at(path: str) -> Job[..., Any]:
    """The job of this dotted name. Raises ImportError, or TypeError if something else stands there."""
    found = import_string(path)
    if not isinstance(found, Job):
        raise TypeError(f"{path} is not a job")
    return found


@task()
def run_job(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """The one task that django-tasks knows: it finds our job by its name and runs it."""
    job_at(path)(*args, **kwargs)


def run_pending(presence: Presence | None = None, *, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Run the jobs that are ready, one by one, until there is none (or the worker is to stop); how many ran."""
    if presence is None:
        with Presence(beats=False) as own:
            return run_pending(own, is_stopping=is_stopping)
    count = 0
    while not is_stopping() and (row := _claim(presence.id)):
        _run(row)
        count += 1
    return count


def reap() -> int:
    """Give the jobs of dead workers back to the living; how many. It counts as a failed attempt."""
    held = list(DBTaskResult.objects.running())
    if not held:
        return 0
    alive = living()
    lost = [row for row in held if not row.worker_ids or row.worker_ids[-1] not in alive]
    return sum(_give_back(row, "the worker died") for row in lost)


def forget_old_results() -> int:
    """Rows of jobs finished more than two weeks ago."""
    return DBTaskResult.objects.finished().filter(finished_at__lt=clock.now() - KEEP_RESULTS).delete()[0]


def _claim(worker_id: str) -> Row | None:
    """Take the next job. A conditional update decides between workers, on both databases alike."""
    while row := DBTaskResult.objects.ready().first():
        row.started_at, row.worker_ids = clock.wall(), [*row.worker_ids, worker_id]
        mine = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.READY).update(
            status=TaskResultStatus.RUNNING, started_at=row.started_at, worker_ids=row.worker_ids
        )
        if mine:
            return row
    return None


def _run(row: Row) -> None:
    try:
        row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
    except Exception as error:
        logger.exception("job %s failed, attempt %d", row.args_kwargs["args"][:1], len(row.worker_ids))
        _give_back(row, "".join(format_exception(error)), f"{type(error).__module__}.{type(error).__qualname__}")
    except BaseException:
        _give_back(row, "the worker was stopped")
        raise
    else:
        _leave(row, status=TaskResultStatus.SUCCESSFUL, finished_at=clock.wall(), traceback="", exception_class_path="")


def _give_back(row: Row, trace: str, exception: str = "") -> int:
    """Ready again after a while; failed when it has been tried often enough."""
    wait = _wait(row)
    if wait is None:
        status, when = TaskResultStatus.FAILED, {"finished_at": clock.wall()}
    else:
        status, when = TaskResultStatus.READY, {"run_after": clock.wall() + wait}
    return _leave(row, status=status, traceback=trace, exception_class_path=exception, **when)


def _wait(row: Row) -> timedelta | None:
    try:
        return job_at(row.args_kwargs["args"][0]).wait_after(len(row.worker_ids))
    except (ImportError, TypeError, IndexError):
        return None  # the program knows no such job any more: trying again does not help


def _leave(row: Row, **values: Any) -> int:
    """Write what became of it, unless another worker took the job over in the meantime."""
    mine = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
    for wait in WRITE_AGAIN:
        try:
            return mine.update(**values)
        except OperationalError:
            logger.exception("job %s is done, but the database cannot be told; trying again", row.pk)
            close_old_connections()
            time.sleep(wait)
    return mine.update(**values)
