"""`manage seed`: the town's rows from seeds/ and the work calendar. Safe to run again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from gongzhi.cases.actions.seeding import load_seeds
from gongzhi.kernel.calendar_seed import seed_calendar


class Command(BaseCommand):
    help = "Load the rows of seeds/ and the work calendar."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_seeds(folder=settings.GONGZHI_SEEDS)
        counts["calendar_days"] = seed_calendar()
        self.stdout.write(" ".join(f"{name}={count}" for name, count in counts.items()))
