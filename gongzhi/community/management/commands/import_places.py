"""`manage import_places FILE`: places from boundaries or division codes. Ends with one line of figures."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from gongzhi.community import levels
from gongzhi.community.actions.checks import warnings_of
from gongzhi.community.actions.importing import read_file
from gongzhi.community.actions.places import write_plan
from gongzhi.community.actions.planning import Plan, plan_places
from gongzhi.community.place_files import Fields, Reading
from gongzhi.kernel import geo
from gongzhi.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Import places: boundaries (.geojson, .json) or division codes (.csv, .csv.gz, .xlsx). Good rows come in together."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--level", choices=levels.ORDER, default="", help="level of features that do not say theirs")
        parser.add_argument("--parent", default="", help="code of the place above features that do not say theirs")
        parser.add_argument("--datum", choices=geo.DATUMS, default=geo.WGS84, help="coordinate system of the file")
        for one in ("code", "name", "kind", "parent"):
            parser.add_argument(f"--{one}-field", default=one, help=f"property that holds the {one}")
        parser.add_argument("--dry-run", action="store_true", help="look only, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        names = Fields(*(options[f"{one}_field"] for one in ("code", "name", "kind", "parent")))
        reading = Reading(options["level"], options["parent"], options["datum"], names)
        try:
            plan, warnings = self._take_in(options["file"], reading, options["dry_run"])
        except DomainError as refused:
            raise CommandError(refused.message) from None
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        self._tell(plan, warnings)

    def _take_in(self, path: Path, reading: Reading, dry: bool) -> tuple[Plan, list[str]]:
        with path.open("rb") as file:
            drafts = read_file(file, path.name, reading)
        with transaction.atomic():
            plan = plan_places(drafts)
            warnings = warnings_of(plan)
            if not dry:
                write_plan(plan=plan, by=None)
        return plan, warnings

    def _tell(self, plan: Plan, warnings: list[str]) -> None:
        for sentence in warnings:
            self.stderr.write(sentence)
        for one in plan.refused:
            self.stderr.write(f"{one.number}: {one.sentence}")
        figures = {
            "places": len(plan.planned) + len(plan.refused),
            "created": len(plan.of("create")),
            "changed": len(plan.of("change")),
            "refused": len(plan.refused),
        }
        self.stdout.write(" ".join(f"{name}={count}" for name, count in figures.items()))
