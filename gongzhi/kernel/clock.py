"""The one source of the present moment.

Everything that asks for the time asks here, so that a demonstration, a replay of old data or a test can live in
another moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time

from django.utils import timezone

_moved: ContextVar[datetime | None] = ContextVar("gongzhi_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC; the moved one inside `at()`."""
    return _moved.get() or wall()


def wall() -> datetime:
    """What the clock on the wall says, moved or not: only for whether a process lives, never for what people did."""
    return datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Move the clock to `moment` for this thread (or coroutine) only. Nests; the outer moment comes back at the end.

    Raises ValueError for a naive datetime: a moment without a zone is not a moment.
    """
    if moment.tzinfo is None:
        raise ValueError("clock.at() needs an aware datetime")
    moment = moment.astimezone(UTC)
    token = _moved.set(moment)
    try:
        yield moment
    finally:
        _moved.reset(token)


def today() -> date:
    """The present day where this instance lives (`GONGZHI_TIME_ZONE`)."""
    return timezone.localdate(now())


def start_of(day: date) -> datetime:
    """The first moment of a local day, in UTC."""
    return datetime.combine(day, time.min, timezone.get_default_timezone()).astimezone(UTC)
