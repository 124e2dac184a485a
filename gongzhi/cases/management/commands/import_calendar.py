"""`manage import_calendar FILE`: a holiday notice as a sheet, by the same steps as the page; then promised times follow it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongzhi.cases.actions.holidays import follow_calendar
from gongzhi.cases.importing.calendar_sheet import CALENDAR
from gongzhi.kernel import sheets
from gongzhi.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Import a holiday notice (.csv, .xlsx: date, worked or off, name) and move the promised times of open cases."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                sheet = sheets.upload(spec=CALENDAR, file=file, file_name=path.name, by=None)
            try:
                sheet = sheets.check(sheet=sheets.map_columns(sheet=sheet))
                sheet = sheets.run(sheets.begin(sheet=sheet, by=None, inline=True).pk)
            except DomainError:
                sheets.cancel(sheet=sheet, by=None)
                raise
        except DomainError as refused:
            raise CommandError(refused.message) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        for row, reason in sheet.refusals.order_by("row").values_list("row", "reason"):
            self.stderr.write(f"{row}: {reason}")
        self.stdout.write(f"days={sheet.imported} refused={sheet.refused} moved={follow_calendar()}")
