"""Calendar rows: days off and make-up days of the State Council's notices (2004 to the last one known), the year after unconfirmed."""

from __future__ import annotations

import datetime as dt

from gongzhi.kernel import caches
from gongzhi.kernel.models.workdays import CalendarDay

NOTICE = "国务院办公厅放假通知"
ASSUMED = "法定节假日，放假通知未发布"
STATUTORY = ((1, 1, "元旦"), (5, 1, "劳动节"), (5, 2, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节"))
"""Fixed statutory days (全国年节及纪念日放假办法, 2024 revision)."""
LUNAR = {
    2027: (
        ("2027-02-05", "春节"),
        ("2027-02-06", "春节"),
        ("2027-02-07", "春节"),
        ("2027-02-08", "春节"),
        ("2027-04-05", "清明节"),
        ("2027-06-09", "端午节"),
        ("2027-09-15", "中秋节"),
    ),
}
"""Days that follow the lunar calendar or the sun, per year without a notice. New Year's Eve is a day off since 2025."""


def seed_calendar() -> int:
    """Make the rows that are missing; the number of days made. Rows imported from a notice are never overwritten."""
    made = _from_notices() + _assumed()
    known = set(CalendarDay.objects.values_list("date", flat=True))
    fresh = [row for row in made if row.date not in known]
    CalendarDay.objects.bulk_create(fresh, batch_size=500)
    if fresh:
        caches.touch("calendar")
    return len(fresh)


def _from_notices() -> list[CalendarDay]:
    from chinese_calendar.constants import holidays, workdays  # noqa: PLC0415  a table of twenty years, read once at setup

    rows = [CalendarDay(date=day, is_workday=False, name=_zh(name), source=NOTICE, is_confirmed=True) for day, name in holidays.items()]
    rows += [CalendarDay(date=day, is_workday=True, name=_zh(name), source=NOTICE, is_confirmed=True) for day, name in workdays.items()]
    return rows


NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


def _zh(name: object) -> str:
    return NAMES.get(str(getattr(name, "value", name)), str(getattr(name, "value", name)))


def _assumed() -> list[CalendarDay]:
    rows = []
    for year, days in LUNAR.items():
        rows += [CalendarDay(date=dt.date(year, month, day), is_workday=False, name=name, source=ASSUMED) for month, day, name in STATUTORY]
        rows += [CalendarDay(date=dt.date.fromisoformat(day), is_workday=False, name=name, source=ASSUMED) for day, name in days]
    return rows
