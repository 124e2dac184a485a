"""Excel workbooks: counted part by part first, then read by calamine.

Counting unpacks every part of the zip with our own limit (the sizes in its directory can lie) and walks the XML of every
worksheet with expat, so that positions cannot hide behind an encoding, an entity or a missing attribute.
"""

from __future__ import annotations

import copy
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

import python_calamine
from django.utils.translation import gettext as _

from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.sheets import bounds
from gongzhi.kernel.sheets.cells import FORMULA, Cell

_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_MAX_PARTS = 1_000


class _Stop(Exception):
    """The part is not a worksheet: no need to read on."""


@dataclass
class _Scan:
    """What one worksheet holds, by position (row and column from 1)."""

    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)

    def on_row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self.row + 1
        self.column = 0

    def on_cell(self, attributes: dict[str, str]) -> None:
        found = _REFERENCE.fullmatch(attributes.get("r", ""))
        if found:
            self.column, self.row = _column_number(found[1]), int(found[2])
        else:
            self.column += 1
        self.cells += 1
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        if self.last_row > bounds.MAX_ROWS + 1:
            raise bounds.too_many_rows()
        if self.last_column > bounds.MAX_COLUMNS or self.last_row * self.last_column > bounds.MAX_CELLS:
            raise bounds.too_many_cells()

    def on_formula(self) -> None:
        self.formulas.add((self.row, self.column))
        if len(self.formulas) > bounds.MAX_FORMULAS:
            raise DomainError(_("表里有太多公式。请全选复制，用“粘贴为数值”另存一份，再上传。"))


def read_xlsx(file: IO[bytes]) -> Iterator[tuple[int, list[Cell]]]:
    """(row number from 1, cells) of the first visible worksheet that holds anything."""
    scans, names = _scan(file)
    file.seek(0)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(file) as book:
            for sheet in book.sheets_metadata:
                scan = scans.get(names.get(sheet.name, ""))
                visible = sheet.visible == python_calamine.SheetVisibleEnum.Visible
                if scan and visible and scan.cells:
                    yield from _rows(book.get_sheet_by_name(sheet.name), scan)
                    return
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise bounds.damaged() from error
    except BaseException as error:
        # A panic in the Rust reader is no Exception; without this it would end the worker's thread.
        if type(error).__name__ != "PanicException":
            raise
        raise bounds.damaged() from error


def _rows(sheet: python_calamine.CalamineSheet, scan: _Scan) -> Iterator[tuple[int, list[Cell]]]:
    first_column = (sheet.start or (0, 0))[1] + 1
    rows_with_formula = {row for row, _column in scan.formulas}
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells: list[Cell] = [None if value == "" else value for value in values]
        if number in rows_with_formula:
            for row, column in scan.formulas:
                if row == number and 0 <= column - first_column < len(cells):
                    cells[column - first_column] = FORMULA
        yield number, cells


def _scan(file: IO[bytes]) -> tuple[dict[str, _Scan], dict[str, str]]:
    """Worksheets by their lower-case path in the zip, and their paths by the names on their tabs."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > bounds.MAX_UNPACKED_BYTES:
                raise bounds.too_much_unpacked()
            known = {part.filename.lower(): part for part in parts}
            if len(known) != len(parts):
                raise bounds.damaged()
            if "xl/workbook.xml" not in known:
                raise DomainError(_("这不是 Excel 表格。请上传 .xlsx 或 .csv 文件。"))
            return _scan_parts(archive, parts), _sheet_paths(archive, known)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError, EOFError, OSError, KeyError) as error:
        raise bounds.damaged() from error
    except (RuntimeError, ValueError, UnicodeError) as error:  # an encrypted part, a header out of range
        raise bounds.damaged() from error


def _scan_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> dict[str, _Scan]:
    scans, total = {}, 0
    for part in parts:
        scan = _Scan() if part.filename.lower().endswith(".xml") else None
        parser = _worksheet_parser(scan) if scan else None
        for chunk in _unpack(archive, part):
            total += len(chunk)
            if total > bounds.MAX_UNPACKED_BYTES:
                raise bounds.too_much_unpacked()
            if parser:
                try:
                    parser.Parse(chunk, False)
                except _Stop:
                    parser = None
        if parser and scan:
            parser.Parse(b"", True)
            scans[part.filename.lower()] = scan
    return scans


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The real content of a part, whatever length its header claims."""
    honest = copy.copy(part)
    honest.file_size = bounds.MAX_UNPACKED_BYTES + bounds.CHUNK
    length = 0
    with archive.open(honest) as stream:
        while chunk := stream.read(bounds.CHUNK):
            length += len(chunk)
            yield chunk
    if length != part.file_size:
        raise bounds.damaged()


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()

    def refuse(*_arguments: object) -> None:
        raise bounds.damaged()

    # No workbook has a DTD; entities are the way to make a small text large.
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _worksheet_parser(scan: _Scan) -> expat.XMLParserType:
    parser = _parser()
    inside = False

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        local = name.rpartition(":")[2]
        if not inside:
            if local != "worksheet":
                raise _Stop
            inside = True
        elif local == "c":
            scan.on_cell(attributes)
        elif local == "row":
            scan.on_row(attributes)
        elif local == "f":
            scan.on_formula()

    parser.StartElementHandler = on_start
    return parser


def _sheet_paths(archive: zipfile.ZipFile, known: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    targets = {
        attributes.get("Id", ""): _target_path(attributes.get("Target", ""))
        for attributes in _elements(archive, known["xl/_rels/workbook.xml.rels"], "Relationship")
    }
    return {
        attributes.get("name", ""): targets.get(_relation_id(attributes), "")
        for attributes in _elements(archive, known["xl/workbook.xml"], "sheet")
    }


def _elements(archive: zipfile.ZipFile, part: zipfile.ZipInfo, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def on_start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = _parser()
    parser.StartElementHandler = on_start
    for chunk in _unpack(archive, part):
        parser.Parse(chunk, False)
    return found


def _relation_id(attributes: dict[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.endswith(":id")), "")


def _target_path(target: str) -> str:
    return (target.lstrip("/") if target.startswith("/") else f"xl/{target}").lower()


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
