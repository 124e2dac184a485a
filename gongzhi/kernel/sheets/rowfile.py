"""The rows of an upload on disk: one JSON line each, read once from the sheet and never opened as a sheet again.

The sheet itself is not kept. A line is found again by its byte offset, so a resumed import does not read from the start.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.sheets import bounds
from gongzhi.kernel.sheets.cells import FORMULA, Cell
from gongzhi.kernel.sheets.reading import Row


def folder() -> Path:
    return Path(settings.GONGZHI_VAR) / "sheets"


def path_of(token: str) -> Path:
    return folder() / f"{token}.jsonl"


def write(token: str, rows: Iterable[Row]) -> int:
    """Keep the rows; how many. Whole or not at all."""
    path = path_of(token)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".new")
    count = 0
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            for row in rows:
                count += 1
                if count > bounds.MAX_ROWS:
                    raise bounds.too_many_rows()
                line = json.dumps([row.number, row.cells], ensure_ascii=True, separators=(",", ":"), default=_plain)
                file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return count


def read(token: str, offset: int = 0) -> Iterator[tuple[Row, int]]:
    """(row, offset of the next one) from ``offset`` on."""
    try:
        file = path_of(token).open("rb")
    except FileNotFoundError:
        raise DomainError(_("上传的表格已经清理了，请重新上传一次。")) from None
    with file:
        file.seek(offset)
        for line in file:
            offset += len(line)
            number, cells = json.loads(line)
            yield Row(number, [_cell(value) for value in cells]), offset


def remove(token: str) -> None:
    path_of(token).unlink(missing_ok=True)


def _plain(value: object) -> Any:
    """What JSON does not know, as an object with one letter."""
    if value is FORMULA:
        return {"f": 1}
    if isinstance(value, datetime):
        return {"d": value.isoformat()}
    if isinstance(value, date):
        return {"d": datetime(value.year, value.month, value.day).isoformat()}
    if isinstance(value, (time, timedelta)):
        return {"t": 1}
    raise TypeError(type(value).__name__)


def _cell(value: Any) -> Cell:
    if not isinstance(value, dict):
        cell: Cell = value
        return cell
    if "d" in value:
        return datetime.fromisoformat(value["d"])
    return FORMULA if "f" in value else time()
