"""A notice of the State Council about holidays: its days become the calendar, and promised times follow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.actions.alarming import recompute_due
from gongzhi.cases.events import CalendarChanged
from gongzhi.cases.models import Case
from gongzhi.kernel import audit, caches, clock, events
from gongzhi.kernel.errors import Conflict, DomainError
from gongzhi.kernel.models import CalendarDay
from gongzhi.kernel.sheets import Context, ValidRow

FIRST_YEAR = 2004
YEARS_AHEAD = 3
NOTICE = "国务院办公厅放假通知"
BATCH = 500
FOLLOWED = "working"
"""Units that the calendar moves begin with this word."""


def check_day(values: dict[str, Any]) -> None:
    """The moment a sheet gives becomes the local day it falls on; a year nobody publishes holidays for is refused."""
    day = timezone.localtime(values["date"]).date()
    if not FIRST_YEAR <= day.year <= clock.today().year + YEARS_AHEAD:
        raise DomainError(_("%(year)d年的放假安排不会在这里用到，请核对年份。") % {"year": day.year}, field="date")
    values["date"] = day


def take_in_days(rows: Sequence[ValidRow], context: Context) -> list[tuple[int, str]]:
    """Write the days of a notice; what was only assumed for those years goes. Rows that contradict each other are refused."""
    said: dict[dt.date, ValidRow] = {}
    refused = []
    for row in rows:
        first = said.setdefault(row.values["date"], row)
        if first is not row and first.values["is_workday"] != row.values["is_workday"]:
            refused.append((row.number, _("和第 %(row)d 行是同一天，一行上班一行放假。请留对的一行。") % {"row": first.number}))
    years = sorted({day.year for day in said})
    assumed = CalendarDay.objects.filter(date__year__in=years, is_confirmed=False)
    dropped = assumed.exclude(date__in=said).delete()[0] if years else 0
    CalendarDay.objects.bulk_create(
        [_row(day, row) for day, row in said.items()],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "name", "source", "is_confirmed"],
    )
    facts = {"years": years, "days": len(said), "dropped": dropped}
    audit.record(verb="calendar.notice", obj=audit.Ref("kernel.calendarday", 0), by=context.by_id, facts=facts)
    caches.touch("calendar")
    events.publish(CalendarChanged(clock.now()))
    return refused


def _row(day: dt.date, row: ValidRow) -> CalendarDay:
    source = row.values.get("source") or NOTICE
    return CalendarDay(
        date=day, is_workday=row.values["is_workday"], name=row.values.get("name") or "", source=source[:120], is_confirmed=True
    )


def follow_calendar() -> int:
    """Promised times of open cases by the calendar as it is now: later where it gives less working time, never earlier.

    Each case in its own transaction, so that it can be broken off and run again; returns how many moved.
    """
    moved, last = 0, 0
    open_ones = Case.objects.filter(is_open=True, resolved_at=None, paused_at=None, resolve_unit__startswith=FOLLOWED).order_by("pk")
    while ids := list(open_ones.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        last = ids[-1]
        moved += sum(map(_follow, ids))
    return moved


def _follow(pk: int) -> bool:
    for _turn in range(3):
        try:
            with transaction.atomic():
                return recompute_due(case_id=pk) is not None
        except Conflict:  # somebody acted on it at this moment: look again
            continue
    return False
