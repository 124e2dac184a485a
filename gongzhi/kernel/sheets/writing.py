"""Sheets out of the house: everything that a spreadsheet program could run is made plain text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils.timezone import get_default_timezone, is_aware
from django.utils.translation import gettext as _

MAX_CELL = 32_767  # what Excel holds in one cell
MAX_SHEET_ROWS = 1_048_575
_DANGEROUS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def safe_text(value: str) -> str:
    """The text with an apostrophe before it when a spreadsheet program would take it for a formula."""
    starts_badly = value[:1] in _DANGEROUS or value.lstrip()[:1] in _DANGEROUS
    return "'" + value if value and starts_badly else value


def write_sheet(rows: Iterable[Sequence[Any]], columns: Sequence[str], *, title: str = "") -> bytes:
    """The bytes of an .xlsx: the header, then the rows, written as they come (constant memory)."""
    target = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet((_sheet_name(title) or _("表"))[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        for column, label in enumerate(columns):
            sheet.set_column(column, column, max(10, min(40, len(str(label)) * 2 + 4)))
        for column, label in enumerate(columns):
            sheet.write_string(0, column, safe_text(str(label)), bold)
        for number, row in enumerate(rows, start=1):
            if number > MAX_SHEET_ROWS:
                break
            for column, value in enumerate(row):
                _write(sheet, number, column, value, day)
    return target.getvalue()


def write_csv(rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> bytes:
    """The bytes of a .csv with a mark that makes Excel read UTF-8."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([safe_text(str(label)) for label in columns])
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
    return b"\xef\xbb\xbf" + target.getvalue().encode("utf-8", "replace")


def _write(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    value = _local(value)
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, _("是") if value else _("否"))
    elif isinstance(value, (int, float)) and abs(value) < 1e15 and value == value:
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
    else:
        sheet.write_string(row, column, _cut(safe_text(str(value))))


def _csv_cell(value: Any) -> Any:
    value = _local(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (int, float, date)):
        return value
    return safe_text(str(value))


def _local(value: Any) -> Any:
    """Aware moments as the clock on the wall shows them: spreadsheets know no zones."""
    if isinstance(value, datetime) and is_aware(value):
        return value.astimezone(get_default_timezone()).replace(tzinfo=None, microsecond=0)
    return value


def _cut(text: str) -> str:
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"


def _sheet_name(title: str) -> str:
    return "".join(" " if letter in "[]:*?/\\'" else letter for letter in title).strip()
