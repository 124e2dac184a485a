"""The work calendar: which years a notice covers, and the days that differ from their weekday."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongzhi.cases.views.who import actor, page
from gongzhi.community.rules import is_operator
from gongzhi.kernel import clock
from gongzhi.kernel.errors import NotAllowed
from gongzhi.kernel.models import CalendarDay, WorkHours

SHOWN_YEARS = 6


@require_GET
def calendar(request: HttpRequest) -> HttpResponseBase:
    """One year at a time; this year unless the address names another. For who keeps it, and who holds others to its promises."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not (is_operator(request.user) or actor(request).with_role("supervisor")):
        raise NotAllowed()
    years = sorted(set(CalendarDay.objects.dates("date", "year")), reverse=True)
    known = [day.year for day in years][:SHOWN_YEARS]
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and int(asked[:5]) in known else clock.today().year
    days = list(CalendarDay.objects.filter(date__year=year).order_by("date"))
    context = {
        "year": year,
        "days": days,
        "is_confirmed": any(day.is_confirmed for day in days),
        "tabs": [
            {"text": str(one), "url": f"{reverse('cases:calendar')}?year={one}", "active": one == year, "count": None}
            for one in sorted(known)
        ],
        "hours": _hours(),
        "may_import": is_operator(request.user),
    }
    return page(request, "cases/desk/calendar.html", context)


def _hours() -> list[dict[str, Any]]:
    """Opening hours by weekday, spans of a day together."""
    words = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    found: dict[int, list[str]] = {}
    for row in WorkHours.objects.order_by("weekday", "opens"):
        found.setdefault(row.weekday, []).append(f"{row.opens:%H:%M}–{row.closes:%H:%M}")
    return [{"day": words[day], "spans": "，".join(spans)} for day, spans in found.items()]
