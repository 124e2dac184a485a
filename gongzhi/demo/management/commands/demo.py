"""`manage demo`: the demonstration district with its people and ninety days of history. Built once per database."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from gongzhi.cases.actions.figures import keep_standings
from gongzhi.community.models import Building, Place
from gongzhi.demo.build import build_town
from gongzhi.demo.district import district
from gongzhi.demo.living import live
from gongzhi.demo.specs import Scale

STANDS = (
    "There are places in this database already, so no district is built. Name an empty database in DATABASE_URL, "
    "or add cases to this one with --cases N."
)


class Command(BaseCommand):
    help = "Build the demonstration district in an empty database; --cases N adds cases, to a new one or to the one that stands."
    is_typed = False
    """Did somebody type the command? `./up` calls it after every upgrade, and then a town that stands is nothing to complain of."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=["small", "district"], default="small", help="one street and one town, or all of it")
        parser.add_argument("--cases", type=int, default=0, help="further cases built in bulk")
        parser.add_argument("--days", type=int, default=90, help="how long the history is, at least 14")

    def run_from_argv(self, argv: list[str]) -> None:
        self.is_typed = True
        super().run_from_argv(argv)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("production holds no demonstration")
        if options["cases"] < 0 or options["days"] < 14:
            raise CommandError("--cases must not be negative, and --days must be at least 14")
        started = time.monotonic()
        self._migrate()
        if not Place.objects.exists():
            self._build(options["scale"], options["days"], started)
        elif self.is_typed and not options["cases"]:
            raise CommandError(STANDS)
        if options["cases"]:
            self._add(options["cases"], options["days"], started)
        keep_standings()

    def _migrate(self) -> None:
        """A new database gets its tables here; one that holds something is migrated only when it is asked for."""
        executor = MigrationExecutor(connection)
        if not executor.loader.applied_migrations:
            call_command("migrate", verbosity=0)
        elif executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("This database is older than the program. First: ./up manage migrate")

    def _build(self, scale: Scale, days: int, started: float) -> None:
        drawn = district(scale)
        with transaction.atomic():  # a town without its history would look finished and never get one
            build_town(drawn)
            told = live(days=days, home_grid=drawn.home_grid)
        self.stdout.write(f"places={len(drawn.places)} people={len(drawn.people)} cases={told} seconds={time.monotonic() - started:.1f}")

    def _add(self, cases: int, days: int, started: float) -> None:
        if not Building.objects.exists():
            raise CommandError("Cases are added to a demonstration district; this town has no buildings to report from.")
        from gongzhi.demo.bulk import build_cases  # noqa: PLC0415  a million cases need numpy; a page does not

        built = build_cases(cases, days=days, say=print)
        self.stdout.write(f"bulk={built} seconds={time.monotonic() - started:.1f}")
