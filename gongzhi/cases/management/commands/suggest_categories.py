"""`manage suggest_categories FILE --out FILE`: category and confidence beside every message of a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.suggest import store
from gongzhi.cases.suggest.model import Model
from gongzhi.cases.suggest.reading import texts_of
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.sheets import to_text, write_csv, write_sheet
from gongzhi.kernel.sheets.cells import Cell


class Command(BaseCommand):
    help = "Add category and confidence columns to a sheet of messages (.csv, .csv.gz, .xlsx)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--own", action="store_true", help="by what the own closed cases taught, even if a labelled sheet taught too")

    def handle(self, *args: Any, **options: Any) -> None:
        model = None if options["own"] else store.current(store.SHEET)
        model = model or store.current(store.OWN)
        if model is None:
            raise CommandError("there is no model yet; run train_categories first")
        try:
            header, rows = texts_of(options["file"])
            written = [self._row(number, row, text, model) for number, (row, text) in enumerate(rows, start=1)]
        except DomainError as error:
            raise CommandError(error.message) from error
        columns = [*header, _("建议类别"), _("把握")]
        as_csv = options["out"].suffix == ".csv"
        options["out"].write_bytes(write_csv(written, columns) if as_csv else write_sheet(written, columns))
        answered = sum(1 for row in written if row[-2])
        self.stdout.write(f"rows={len(written)} suggested={answered} abstained={len(written) - answered}")

    def _row(self, number: int, row: list[Cell], text: str, model: Model) -> list[str]:
        if number % 1000 == 0:
            self.stdout.write(f"{number} …")
        guess = model.guess(text)
        category = catalogue().by_code.get(guess.label) if guess else None
        label = category.label if category else guess.label if guess else ""
        return [*(to_text(cell) for cell in row), label, f"{guess.confidence:.3f}" if guess else ""]
