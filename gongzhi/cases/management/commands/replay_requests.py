"""`manage replay_requests FILE --boundaries FILE`: a city's requests through our acts under their own clock. Ends with one line."""

from __future__ import annotations

import datetime as dt
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongzhi.cases.replay.running import EACH, Figures, compare, replay
from gongzhi.cases.replay.source import read_requests
from gongzhi.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Replay real city requests (.csv, .csv.gz, .xlsx) with their polygons; an evaluation, best in a database of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--boundaries", type=Path, required=True, help="GeoJSON polygons of the city (WGS-84)")
        parser.add_argument("--each", type=int, default=EACH, help="one request of so many is lived by single acts, the others in bulk")
        parser.add_argument("--shift-minutes", type=int, default=0, help="set our clock wrong, to see the comparison notice it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            requests = list(read_requests(options["file"]))
            self.started = time.monotonic()
            replay(requests, options["boundaries"], each=max(1, options["each"]), progress=self._progress)
            rate = len(requests) / max(time.monotonic() - self.started, 0.001)
            self._tell(compare(requests, shift=dt.timedelta(minutes=options["shift_minutes"])), rate)
        except DomainError as refused:
            raise CommandError(refused.message) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None

    def _progress(self, done: int, total: int) -> None:
        rate = done / max(time.monotonic() - self.started, 0.001)
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r{done:,} / {total:,} {done * 100 // max(total, 1)}% {rate:,.0f}/s{end}")
        sys.stderr.flush()

    def _tell(self, found: Figures, rate: float) -> None:
        self.stderr.write(f"blank_late={found.blank_late}/{found.blank} due_share={found.predicted / max(found.to_predict, 1):.4f}")
        self.stdout.write(
            f"replayed={found.replayed} located={found.located} not_located={found.not_located} "
            f"on_time_agree={found.agree}/{found.said} due_predicted={found.predicted}/{found.to_predict} rows_per_s={rate:.0f}"
        )
