"""The file of requests, row by row: naive local times of one city made aware, the default point taken for what it means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from gongzhi.kernel import sheets
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.sheets import to_moment, to_number, to_text
from gongzhi.kernel.sheets.cells import Cell

ZONE = ZoneInfo("America/New_York")
DEFAULT_POINT = (-71.0587, 42.3594)
"""(lng, lat) the city's system writes when it does not know where."""
NEEDED = (
    "case_enquiry_id",
    "open_dt",
    "target_dt",
    "closed_dt",
    "ontime",
    "type",
    "reason",
    "queue",
    "department",
    "latitude",
    "longitude",
)
WANTED = (*NEEDED, "case_title", "closure_reason", "location", "source")


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the city. `point` is (lng, lat), None: not located. `said_on_time` None: the file does not say."""

    number: str
    opened: dt.datetime
    due: dt.datetime | None
    closed: dt.datetime | None
    said_on_time: bool | None
    kind: str
    reason: str
    department: str
    queue: str
    title: str
    closing: str
    address: str
    source: str
    point: tuple[float, float] | None

    @property
    def key(self) -> str:
        """The outside key of its case."""
        return f"replay:{self.number}"


def read_requests(path: Path, zone: ZoneInfo = ZONE) -> Iterator[Request]:
    """The rows in the order of the file. A missing column or a row that cannot be is refused in words."""
    with path.open("rb") as file:
        header, rows = sheets.read_rows(file, path.name)
        missing = [name for name in NEEDED if name not in header]
        if missing:
            raise DomainError(_("表里缺少这些列：%(names)s。请用原来的城市服务请求文件。") % {"names": "、".join(missing)}, field="file")
        positions = [header.index(name) if name in header else None for name in WANTED]
        for row in rows:
            yield _numbered(row, positions, zone)


def _numbered(row: sheets.Row, positions: Sequence[int | None], zone: ZoneInfo) -> Request:
    try:
        return _request([row.cells[at] if at is not None else None for at in positions], zone)
    except DomainError as refused:
        raise DomainError(_("第 %(n)d 行：%(what)s") % {"n": row.number, "what": refused.message}, field="file") from None


def _request(cells: Sequence[Cell], zone: ZoneInfo) -> Request:
    number, opened, due, closed, said, kind, reason, queue, department, lat, lng, title, closing, address, source = cells
    moments = [_moment(cell, zone) for cell in (opened, due, closed)]
    if moments[0] is None:
        raise DomainError(_("没有写什么时候收到（open_dt）。"))
    if moments[2] is not None and moments[2] < moments[0]:
        raise DomainError(_("办结时间（closed_dt）比收到时间（open_dt）还早。"))
    return Request(
        number=to_text(number),
        opened=moments[0],
        due=moments[1],
        closed=moments[2],
        said_on_time={"ONTIME": True, "OVERDUE": False}.get(to_text(said)),
        kind=to_text(kind),
        reason=to_text(reason),
        department=to_text(department),
        queue=to_text(queue),
        title=to_text(title),
        closing=to_text(closing),
        address=to_text(address),
        source=to_text(source),
        point=_point(lng, lat),
    )


def _moment(cell: Cell, zone: ZoneInfo) -> dt.datetime | None:
    if isinstance(cell, str) and len(cell) == 19:
        try:
            return dt.datetime.fromisoformat(cell).replace(tzinfo=zone).astimezone(dt.UTC)
        except ValueError:
            pass
    return to_moment(cell, zone) if cell is not None and to_text(cell) else None


def _point(lng: Cell, lat: Cell) -> tuple[float, float] | None:
    if lng is None or lat is None:
        return None
    point = (to_number(lng), to_number(lat))
    return None if point == DEFAULT_POINT else point
