"""The life of a worker process: jobs in the main thread, periodic jobs in a second one, signs of life in a third.

A long job (an import of an hour) must not hold up the clocks of cases: that is why the tick has its own thread.
"""

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from django.db import close_old_connections, connections

from gongzhi.kernel.tasks.jobs import run_pending
from gongzhi.kernel.tasks.periodic import tick
from gongzhi.kernel.tasks.presence import Presence

logger = logging.getLogger(__name__)

SLICE = 0.1


class Loop:
    def __init__(self, *, interval: float, tick_every: float) -> None:
        self.interval = interval
        self.tick_every = tick_every
        # A plain flag, not threading.Event: a signal handler that sets an Event can wait for the lock that its own
        # thread holds.
        self.is_stopping = False

    def run(self) -> None:
        """Work until `is_stopping`. The job or tick that is running is finished first."""
        with Presence() as presence:
            ticker = threading.Thread(target=self._tick_on, args=[presence], name="tick")
            ticker.start()
            try:
                self._every(self.interval, lambda: run_pending(presence, is_stopping=lambda: self.is_stopping))
            finally:
                self.is_stopping = True
                ticker.join()

    def stop_on_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.is_stopping:
            sys.exit(1)  # asked twice: the running job is given back
        self.is_stopping = True

    def _tick_on(self, presence: Presence) -> None:
        self._every(self.tick_every, lambda: tick(presence))
        connections.close_all()

    def _every(self, seconds: float, act: Callable[[], object]) -> None:
        while not self.is_stopping:
            close_old_connections()
            try:
                act()
            except Exception:
                logger.exception("the worker goes on after an error")  # a database that is away comes back
            self._sleep(seconds)

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.is_stopping and time.monotonic() < until:
            time.sleep(min(SLICE, seconds))
