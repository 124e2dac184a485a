"""Values held in process (categories, rules, polygons) that are never stale once a request has begun.

A stamp per value lives in the database and changes with every `touch()`. The first `get()` of a request reads all
stamps in one statement; a value is loaded again only if its stamp differs. Stamps are random, not counted: a stamp
that a rolled-back transaction wrote can never come back with other data behind it.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from django.db import connection, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from gongzhi.kernel.models.caches import CacheVersion

T = TypeVar("T")


class _Pin:
    """What one request knows: the stamps, once read, and the values loaded inside its own open transaction."""

    def __init__(self) -> None:
        self.stamps: dict[str, int] | None = None
        self.own: dict[str, tuple[int, Any]] = {}

    def read(self) -> dict[str, int]:
        if self.stamps is None:
            self.stamps = dict(CacheVersion.objects.values_list("name", "version"))
        return self.stamps

    def forget(self) -> None:
        self.stamps = None
        self.own.clear()


_pin: ContextVar[_Pin | None] = ContextVar("gongzhi_cache_pin", default=None)
_registered: "dict[str, Cached[Any]]" = {}


class Cached(Generic[T]):
    """One named value. `loader` takes nothing and reads the database; what it returns must not be changed by anyone."""

    def __init__(self, name: str, loader: Callable[[], T]) -> None:
        if name in _registered:
            raise ValueError(f"a cached value named {name!r} exists already")
        self.name = name
        self.loader = loader
        self._held: tuple[int, T] | None = None
        _registered[name] = self

    def get(self) -> T:
        """The value as of now, or as of the beginning of the request (or of `pinned()`)."""
        pin = _pin.get() or _Pin()
        stamp = pin.read().get(self.name, 0)
        for held in (self._held, pin.own.get(self.name)):
            if held is not None and held[0] == stamp:
                return held[1]
        # The stamp was read before the data: the copy can be newer than its stamp (and is then loaded once more),
        # never older.
        loaded = (stamp, self.loader())
        self._keep(loaded, pin)
        return loaded[1]

    def _keep(self, loaded: tuple[int, T], pin: _Pin) -> None:
        if not _in_real_transaction():
            self._held = loaded
            return
        # Read inside an open transaction, it may show rows that are rolled back: others get it after the commit only.
        pin.own[self.name] = loaded
        transaction.on_commit(lambda: self._publish(loaded))

    def _publish(self, loaded: tuple[int, T]) -> None:
        self._held = loaded

    def drop(self) -> None:
        """Forget the copy of this process (tests)."""
        self._held = None


def touch(*names: str) -> None:
    """Say that what is behind `names` changed.

    Call it in the transaction of the write: both become visible together.
    """
    with connection.cursor() as cursor:
        for name in sorted(names):  # in one order, so that two writers cannot wait for each other
            cursor.execute(
                "INSERT INTO kernel_cacheversion (name, version) VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET version = excluded.version",
                [name, secrets.randbits(62) + 1],
            )
    if pin := _pin.get():
        pin.forget()


@contextmanager
def pinned() -> Iterator[None]:
    """Read the stamps once in here, however often values are asked for: a request, a batch of a long job."""
    token = _pin.set(_Pin())
    try:
        yield
    finally:
        _pin.reset(token)


def warm() -> None:
    """Load every registered value that is old (a server or worker starting up)."""
    with pinned():
        for cached in tuple(_registered.values()):
            cached.get()


def forget_all() -> None:
    """Drop every copy of this process: what tests do between them, as rolled-back rows leave no stamp behind."""
    for cached in _registered.values():
        cached.drop()


def _in_real_transaction() -> bool:
    """Inside a transaction that could be rolled back; the one that TestCase wraps around a test does not count."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


class FreshCachesMiddleware:
    """One reading of the stamps per request at most, and only if something asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with pinned():
            return self.get_response(request)
