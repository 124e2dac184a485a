"""`manage train_categories FILE`: learn from labelled rows, report on a held-out fifth, fit on all of them and save."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongzhi.cases.suggest import store
from gongzhi.cases.suggest.reading import labelled_rows
from gongzhi.cases.suggest.training import LEAST_ROWS, distinct, held_out, train
from gongzhi.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Train the category suggestion on labelled rows (.csv, .csv.gz, .xlsx with a text and a label column)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = distinct(labelled_rows(options["file"]))
        except DomainError as error:
            raise CommandError(error.message) from error
        if len(rows) < LEAST_ROWS:
            raise CommandError(f"only {len(rows)} labelled rows; at least {LEAST_ROWS} are needed to learn anything")
        self.stdout.write(f"read {len(rows)} distinct rows")
        report = held_out(rows, say=self._say)
        train(rows, say=self._say).save(store.folder())
        self.stdout.write(f"rows={len(rows)} macro_f1={report.macro_f1:.4f} coverage={report.coverage:.4f}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
