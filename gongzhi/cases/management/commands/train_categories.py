"""`manage train_categories FILE | --own`: learn, report on a held-out fifth, fit on all rows and save."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongzhi.cases.suggest import own, store
from gongzhi.cases.suggest.reading import labelled_rows
from gongzhi.cases.suggest.training import LEAST_ROWS, Report, distinct, held_out, train
from gongzhi.kernel.errors import DomainError


class Command(BaseCommand):
    help = (
        "Train the category suggestion on labelled rows (.csv, .csv.gz, .xlsx with a text and a label column), or on the own closed cases."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--own", action="store_true", help="learn from this site's closed, checked cases; labels are category codes")
        parser.add_argument("--even-if-worse", action="store_true", help="with --own: take the new model into force in any case")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["own"] == bool(options["file"]):
            raise CommandError("give either a FILE or --own")
        if options["own"]:
            self._own(even_if_worse=options["even_if_worse"])
        else:
            self._sheet(options["file"])

    def _sheet(self, file: Path) -> None:
        try:
            rows = distinct(labelled_rows(file))
        except DomainError as error:
            raise CommandError(error.message) from error
        if len(rows) < LEAST_ROWS:
            raise CommandError(f"only {len(rows)} labelled rows; at least {LEAST_ROWS} are needed to learn anything")
        self.stdout.write(f"read {len(rows)} distinct rows")
        report = held_out(rows, say=self._say)
        train(rows, say=self._say).save(store.file_of(store.SHEET))
        self.stdout.write(_figures(len(rows), report))

    def _own(self, *, even_if_worse: bool) -> None:
        lesson = own.learn(say=self._say, even_if_worse=even_if_worse)
        if lesson.report is None:
            raise CommandError(f"{lesson.why}; at least {LEAST_ROWS} in two categories are needed to learn anything")
        if lesson.why:
            self._say(lesson.why)
        self.stdout.write(f"{_figures(lesson.rows, lesson.report)} labels={lesson.labels} taken={int(lesson.is_taken)}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _figures(rows: int, report: Report) -> str:
    return f"rows={rows} macro_f1={report.macro_f1:.4f} coverage={report.coverage:.4f}"
