"""A worker shows that it lives; whatever a silent one held may be taken up by another."""

import logging
import os
import secrets
import socket
import threading
from datetime import timedelta
from types import TracebackType
from typing import Self

from django.db import Error, connections

from gongzhi.kernel import clock
from gongzhi.kernel.models.tasks import WorkerPresence

logger = logging.getLogger(__name__)

BEAT = 5.0
"""Seconds between two signs of life."""
SILENT = timedelta(seconds=30)
"""After so long without a sign a worker counts as dead: long enough for SQLite's longest wait for a lock (20 s)."""
WITHOUT_BEATS = timedelta(minutes=10)
"""How long one who gives no signs (`manage tick`, a test) counts as living."""


class Presence:
    """While it is entered, this worker lives. `beats=False`: one sign at the start, no thread."""

    def __init__(self, *, beats: bool = True) -> None:
        self.id = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(6)}"
        self._stop = threading.Event()
        self._lasts = SILENT if beats else WITHOUT_BEATS
        self._thread = threading.Thread(target=self._beat_on, name="presence", daemon=True) if beats else None

    def __enter__(self) -> Self:
        self._sign()
        if self._thread:
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()
        WorkerPresence.objects.filter(pk=self.id).delete()

    def _sign(self) -> None:
        now = clock.wall()
        WorkerPresence.objects.update_or_create(
            id=self.id,
            defaults={"alive_until": now + self._lasts},
            create_defaults={"alive_until": now + self._lasts, "started_at": now},
        )

    def _beat_on(self) -> None:
        while not self._stop.wait(BEAT):
            try:
                self._sign()
            except Error:
                logger.exception("worker %s could not give a sign of life", self.id)
                connections.close_all()
        connections.close_all()


def living() -> frozenset[str]:
    """The ids of the workers that live."""
    return frozenset(WorkerPresence.objects.filter(alive_until__gt=clock.wall()).values_list("id", flat=True))
