"""Any sheet that people bring (.xlsx, .csv, .csv.gz), as a header and rows, bounded before it is opened."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.sheets import bounds
from gongzhi.kernel.sheets.cells import FORMULA, Cell, is_formula_text, to_moment, to_number, to_text
from gongzhi.kernel.sheets.xlsx import read_xlsx


class Row(NamedTuple):
    """One row: its number as the spreadsheet program shows it, and its cells, as many as the header has."""

    number: int
    cells: list[Cell]


_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "old",
    b"PK\x03\x04": "xlsx",
    b"\x1f\x8b": "gz",
    b"%PDF": "other",
    b"\x89PNG": "other",
    b"\xff\xd8\xff": "other",
    b"Rar!": "other",
    b"7z\xbc\xaf": "other",
}
# What stands above the header in many official tables: a title over merged cells, a note, an empty line.
_MAX_TITLE_ROWS = 3


def read_rows(source: str | Path | IO[bytes], name: str = "") -> tuple[list[str], Iterator[Row]]:
    """(header, rows). ``name`` is the file's name, for the sentence only: the content says what it is.

    Raises DomainError with a sentence: at once for the file, while iterating for what only reading reveals.
    """
    with ExitStack() as stack:
        file: IO[bytes] = stack.enter_context(open(source, "rb")) if isinstance(source, (str, Path)) else source
        rows = _with_header(_raw_rows(file, name))
        header = next(rows)
        opened = stack.pop_all()
    return [to_text(cell) for cell in header.cells], _closing(rows, opened)


def _closing(rows: Iterator[Row], opened: ExitStack) -> Iterator[Row]:
    with opened:
        yield from rows


def _raw_rows(file: IO[bytes], name: str) -> Iterator[tuple[int, list[Cell]]]:
    size = bounds.size_of(file)
    if size > bounds.MAX_FILE_BYTES:
        raise bounds.too_big()
    if size == 0:
        raise DomainError(_("文件是空的，请选有内容的表格。"))
    start = file.read(4096)
    file.seek(0)
    kind = next((kind for signature, kind in _SIGNATURES.items() if start.startswith(signature)), "csv")
    if kind == "xlsx":
        return read_xlsx(file)
    if kind == "old":
        raise DomainError(_("这是旧版的 .xls 或者加了密码的表格。请在电脑上打开，另存为不带密码的 .xlsx 再上传。"))
    if kind == "gz":
        return _read_gzip(file)
    if kind == "other" or (b"\x00" in start and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))):
        shown = name or _("这个文件")
        raise DomainError(_("%(name)s不是表格。请上传 .xlsx、.csv 或 .csv.gz 文件。") % {"name": shown})
    return _read_csv(file)


def _gunzip(packed: IO[bytes]) -> IO[bytes]:
    """The content in a temporary file; a sentence when it grows too large or was cut short."""
    plain = tempfile.TemporaryFile()  # noqa: SIM115  handed to the caller, who closes it
    count = 0
    try:
        with gzip.GzipFile(fileobj=packed) as stream:
            while chunk := stream.read(bounds.CHUNK):
                count += len(chunk)
                if count > bounds.MAX_UNPACKED_BYTES:
                    raise bounds.too_much_unpacked()
                plain.write(chunk)
    except (EOFError, OSError, zlib.error) as error:
        plain.close()
        raise bounds.damaged() from error
    except DomainError:
        plain.close()
        raise
    plain.seek(0)
    return plain


def _read_gzip(file: IO[bytes]) -> Iterator[tuple[int, list[Cell]]]:
    with _gunzip(file) as plain:
        yield from _read_csv(plain)


def _read_csv(file: IO[bytes]) -> Iterator[tuple[int, list[Cell]]]:
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        sample = text.read(8192)
        text.seek(0)
        yield from _csv_rows(text, sample)
    finally:
        # The file belongs to the caller; the wrapper would close it with itself.
        text.detach()


def _csv_rows(text: io.TextIOWrapper, sample: str) -> Iterator[tuple[int, list[Cell]]]:
    first_line = next((line for line in sample.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=first_line.count)
    try:
        for number, values in enumerate(csv.reader(text, delimiter=delimiter), start=1):
            if number > bounds.MAX_ROWS + 1 + _MAX_TITLE_ROWS:
                raise bounds.too_many_rows()
            if len(values) > bounds.MAX_COLUMNS:
                raise bounds.too_many_cells()
            yield number, [value if value.strip() else None for value in values]
    except csv.Error:
        raise DomainError(_("表格里有一格太长，或者引号没有成对。请在电脑上打开检查，另存后再上传。")) from None


def _encoding(file: IO[bytes]) -> str:
    """The encoding that the whole file agrees with: what Excel and WPS save here is UTF-8, GB18030 or UTF-16."""
    file.seek(0)
    start = file.read(4) or b""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        if _decodes(file, encoding):
            return encoding
    raise DomainError(_("文件里的文字编码看不懂。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"))


def _decodes(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(bounds.CHUNK):
            if "\x00" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _with_header(raw: Iterator[tuple[int, list[Cell]]]) -> Iterator[Row]:
    """The header row first, then the rows below it at the header's width, empty ones left out."""
    leading = [(number, cells) for number, cells in _take_filled(raw, _MAX_TITLE_ROWS + 1)]
    if not leading:
        raise DomainError(_("表格是空的。第一行请写列名，下面写内容。"))
    at = _header_position([cells for _number, cells in leading])
    header = leading[at][1]
    _check_header(header)
    while header and header[-1] is None:
        header = header[:-1]
    width = len(header)
    yield Row(leading[at][0], header)
    for number, cells in leading[at + 1 :]:
        yield Row(number, _fit(cells, width))
    for number, cells in raw:
        if any(cell is not None for cell in cells[:width]):
            yield Row(number, _fit(cells, width))


def _take_filled(raw: Iterator[tuple[int, list[Cell]]], count: int) -> Iterator[tuple[int, list[Cell]]]:
    for number, cells in raw:
        if any(cell is not None for cell in cells):
            yield number, cells
            count -= 1
            if count == 0:
                return


def _header_position(rows: list[list[Cell]]) -> int:
    """0, or further down when lines with a single cell stand above a wider one: those are titles."""
    for position, cells in enumerate(rows):
        if sum(cell is not None for cell in cells) > 1:
            return position
    return 0


def _check_header(cells: list[Cell]) -> None:
    filled = [cell for cell in cells if cell is not None]
    if any(cell is FORMULA or is_formula_text(cell) for cell in filled):
        raise DomainError(_("列名那一行里有公式。请把列名改成普通文字，再上传。"))
    if any(len(to_text(cell)) > 100 for cell in filled) or sum(map(_looks_like_data, filled)) * 2 > len(filled):
        raise DomainError(_("第一行不像列名。请在最上面加一行列名，例如“留言主题、留言时间”，再上传。"))


def _looks_like_data(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return True
    for reader in (to_number, to_moment):
        try:
            reader(cell)
        except DomainError:
            continue
        return True
    return False


def _fit(cells: list[Cell], width: int) -> list[Cell]:
    return cells[:width] if len(cells) >= width else cells + [None] * (width - len(cells))
