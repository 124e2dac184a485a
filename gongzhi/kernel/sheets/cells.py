"""One cell: what people and spreadsheet programs write, turned into a value or into a sentence about it.

Pure functions; nothing here knows of files.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from gongzhi.kernel.errors import DomainError


class Formula:
    """Stands where the sheet holds a formula: its cached result could be anything, so it is never read."""

    def __repr__(self) -> str:
        return "FORMULA"


FORMULA: Final = Formula()

Cell = str | int | float | bool | datetime | date | time | timedelta | Formula | None

# Full-width forms count: spreadsheet programs in Chinese and Japanese locales take them for the ASCII ones.
_FORMULA_SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_PLAIN_NUMBER = re.compile(r"[-+\uff0d\uff0b]?[\d,]+(?:\.\d+)?(?:[eE][-+]?\d+)?%?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MOMENT = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[\sT]*(?P<half>上午|下午)?\s*(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})分?(?::?(?P<second>\d{1,2})(?:\.\d+)?秒?)?)?"
    r"\s*(?P<zone>Z|[-+]\d{2}:?\d{2})?"
)
_EXCEL_EPOCH = datetime(1899, 12, 30)
_LAST_SERIAL = 2_958_465  # 9999-12-31
EARLIEST_YEAR = 1990
LATEST_YEAR = 2100


def is_formula_text(value: object) -> bool:
    """Text that a spreadsheet would run when it is opened again: begins with = + - @ and is not simply a number."""
    if not isinstance(value, str):
        return False
    plain = value.strip()
    return plain[:1] in _FORMULA_SIGNS and bool(plain) and not _PLAIN_NUMBER.fullmatch(plain)


def to_text(value: Cell) -> str:
    """A cell as text: whole numbers without ".0", moments as ISO, characters that no database keeps removed."""
    match value:
        case None | Formula():
            return ""
        case bool():
            return _("是") if value else _("否")
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case str():
            lines = value.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
            return _CONTROL.sub("", lines).strip()
        case _:
            return str(value)


def to_number(value: Cell) -> float:
    """A finite number, also out of "1,234.5", full-width digits and "12%"."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    text = unicodedata.normalize("NFKC", to_text(value)).replace(",", "").replace(" ", "")
    try:
        number = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        number = float("nan")
    if number != number or number in (float("inf"), float("-inf")):
        raise DomainError(_("“%(value)s”不是数字，请改成数字。") % {"value": _short(value)})
    return number


def to_int(value: Cell) -> int:
    """A whole number within what a database column holds."""
    number = to_number(value)
    if not number.is_integer() or abs(number) >= 2**53:
        raise DomainError(_("“%(value)s”不是整数，请改成整数。") % {"value": _short(value)})
    return int(number)


def to_moment(value: Cell, zone: ZoneInfo | None = None) -> datetime:
    """An aware moment in UTC. What carries no offset is read in ``zone`` (default: where this instance lives).

    Takes date cells, Excel's serial numbers, ISO, "2017/11/2 9:17:05" and "2019年2月28日 11时25分". A date before 1990 is nearly
    always an empty or broken cell (Excel shows 0 as 1899-12-30 or 1900-01-00), so it is refused.
    """
    found = _moment(value)
    if found is None:
        raise DomainError(_("“%(value)s”不是日期，请写成 2024-03-15 09:30 这样。") % {"value": _short(value)})
    if found.year < EARLIEST_YEAR:
        text = _("日期“%(value)s”太早了，多半是单元格空着或格式不对，请填真实的日期。")
        raise DomainError(text % {"value": found.strftime("%Y-%m-%d")})
    if found.year > LATEST_YEAR:
        raise DomainError(_("日期“%(value)s”太晚了，请核对年份。") % {"value": found.strftime("%Y-%m-%d")})
    return (found if found.tzinfo else found.replace(tzinfo=zone or get_default_timezone())).astimezone(UTC)


def _moment(value: Cell) -> datetime | None:
    match value:
        case datetime():
            return value
        case date():
            return datetime(value.year, value.month, value.day)
        case time() | timedelta():
            # A date cell that holds 0: the reader gives back the time part alone.
            return _EXCEL_EPOCH
        case bool():
            return None
        case int() | float():
            return _from_number(float(value))
        case str():
            return _from_text(unicodedata.normalize("NFKC", value).strip())
        case _:
            return None


def _from_number(number: float) -> datetime | None:
    """Excel's day serial, or a date written as the number 20190228."""
    if number.is_integer() and 19_000_101 <= number <= 99_991_231:
        return _build(int(number) // 10000, int(number) // 100 % 100, int(number) % 100)
    if not 0 <= number <= _LAST_SERIAL:
        return None
    # Rounded to the second: the fraction of a day is a float and would give 09:17:04.999999.
    return _EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))


def _from_text(text: str) -> datetime | None:
    if re.fullmatch(r"\d{4,8}(?:\.\d+)?", text):
        return _from_number(float(text))
    found = _MOMENT.fullmatch(text)
    if not found:
        return None
    part = {name: int(digits or 0) for name, digits in found.groupdict().items() if name not in ("half", "zone")}
    hour = part["hour"] + (12 if found["half"] == "下午" and part["hour"] < 12 else 0)
    built = _build(part["year"], part["month"], part["day"], hour, part["minute"], part["second"])
    return built and _with_zone(built, found["zone"])


def _with_zone(moment: datetime, zone: str | None) -> datetime | None:
    if not zone:
        return moment
    try:
        return datetime.fromisoformat(moment.isoformat() + ("+00:00" if zone == "Z" else zone))
    except ValueError:
        return None


def _build(*parts: int) -> datetime | None:
    try:
        return datetime(*parts)  # type: ignore[arg-type]  # at most six parts, so never the tzinfo
    except ValueError:
        return None


def _short(value: Cell) -> str:
    text = to_text(value)
    return text if len(text) <= 30 else text[:30] + "…"
