"""`manage import_cases FILE`: a sheet of messages becomes cases, by the same steps as the page. Ends with one line of figures."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongzhi.accounts.models import User
from gongzhi.cases.importing.rows import desk_of, known_among
from gongzhi.cases.importing.sheet_spec import MESSAGES, may_import
from gongzhi.kernel import sheets
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.models import SheetImport

SHOWN = 5


class Command(BaseCommand):
    help = "Import messages (.csv, .csv.gz, .xlsx) as cases with their own times."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", default="", help="user name of the clerk who imports; without it the system does")
        parser.add_argument("--place", default="", help="code of the place whose desk receives the messages")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            sheet = self._take_in(options["file"], self._user_id(options["by"]), options["place"])
        except DomainError as refused:
            raise CommandError(refused.message) from None
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        self._tell(sheet, time.monotonic() - started)

    def _user_id(self, name: str) -> int | None:
        if not name:
            return None
        user = User.objects.filter(username=name).first()
        if user is None or not may_import(user):
            raise CommandError(f"{name} holds no post that may import.")
        return user.pk

    def _take_in(self, path: Path, by: int | None, place: str) -> SheetImport:
        with path.open("rb") as file:
            desk_of(by, {"place": place})
            sheet = sheets.upload(spec=MESSAGES, file=file, file_name=path.name, by=by, options={"place": place})
        try:
            sheet = sheets.check(sheet=sheets.map_columns(sheet=sheet))
            return sheets.run(sheets.begin(sheet=sheet, by=by, inline=True).pk, self._progress)
        except DomainError:
            sheets.cancel(sheet=sheet, by=by)
            raise

    def _progress(self, done: int, total: int) -> None:
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r{done:,} / {total:,} {done * 100 // max(total, 1)}%{end}")
        sys.stderr.flush()

    def _tell(self, sheet: SheetImport, seconds: float) -> None:
        refusals = list(sheet.refusals.order_by("row").values_list("row", "reason"))
        known = known_among(reason for _row, reason in refusals)
        for row, reason in [one for one in refusals if not known_among([one[1]])][:SHOWN]:
            self.stderr.write(f"{row}: {reason}")
        rate = sheet.total / max(seconds, 0.001)
        self.stdout.write(f"imported={sheet.imported} refused={sheet.refused - known} known={known} rows_per_s={rate:.0f}")
