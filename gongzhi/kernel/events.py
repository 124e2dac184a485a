"""Past-tense facts, said upwards after commit.

A room publishes a frozen dataclass with ids; the rooms above subscribe in `AppConfig.ready()`. A handler is
idempotent. What must never be lost is written inside the transaction (outbox), not in a handler: a handler that fails
is logged and passed over, because the act it hears about has already happened.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)

E = TypeVar("E")
Handler = Callable[[Any], object]

_handlers: dict[type, list[Handler]] = {}
_muted: ContextVar[bool] = ContextVar("gongzhi_events_muted", default=False)


def subscribe(event_class: type[E], handler: Callable[[E], object]) -> None:
    """Let `handler` hear events of exactly this class. Subscribing twice is the same as once."""
    handlers = _handlers.setdefault(event_class, [])
    if handler not in handlers:
        handlers.append(handler)


def unsubscribe(event_class: type[E], handler: Callable[[E], object]) -> None:
    """Take a handler away (tests)."""
    handlers = _handlers.get(event_class, [])
    if handler in handlers:
        handlers.remove(handler)


def publish(event: object) -> None:
    """Say `event` once the running transaction has committed; at once if there is none. Muted: not at all."""
    if _muted.get() or not _handlers.get(type(event)):
        return
    transaction.on_commit(lambda: _deliver(event))


@contextmanager
def muted() -> Iterator[None]:
    """Say nothing in here: bulk building and replay write their own consequences."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


def _deliver(event: object) -> None:
    for handler in tuple(_handlers.get(type(event), ())):
        try:
            handler(event)
        except Exception:
            logger.exception("handler %s failed on %s", getattr(handler, "__qualname__", handler), type(event).__name__)
