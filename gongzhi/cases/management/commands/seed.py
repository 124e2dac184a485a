"""`manage seed`: the town's rows from seeds/ and the work calendar. Safe to run again: what the town edited stays."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gongzhi.cases.actions.seeding import load_seeds
from gongzhi.kernel.calendar_seed import seed_calendar
from gongzhi.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Load the rows of seeds/ and the work calendar."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tallies = load_seeds(folder=settings.GONGZHI_SEEDS)
        except DomainError as refused:
            raise CommandError(refused.message) from None
        days = seed_calendar()
        figures = {name: tally.rows for name, tally in tallies.items()}
        for name in ("added", "changed", "retired"):
            figures[name] = sum(getattr(tally, name) for tally in tallies.values())
        figures["kept"] = sum(len(tally.kept) for tally in tallies.values())
        for name, tally in tallies.items():
            for key in tally.kept:
                self.stdout.write(f"kept as this town has it: {name} {key}")
        self.stdout.write(" ".join(f"{name}={count}" for name, count in figures.items()) + f" calendar_days={days}")
