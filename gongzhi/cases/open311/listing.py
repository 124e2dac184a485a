"""GET requests by the parameters of GeoReport v2. Only public cases, and those filed through Open311 by their id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, CaseQuerySet
from gongzhi.kernel import clock, codes
from gongzhi.kernel.errors import DomainError, Missing

SPAN = dt.timedelta(days=90)
MOST = 1000
IDS = 100


def shown() -> CaseQuerySet:
    """What Open311 may show: public cases, and cases filed here, whose id only their filer was told."""
    return Case.objects.public()


def list_requests(query: Mapping[str, str]) -> list[Case]:
    """The requests asked for; ids override everything else. An empty parameter is an absent one."""
    given = {name: value.strip() for name, value in query.items() if value.strip()}
    if ids := given.get("service_request_id"):
        wanted = [codes.normalise(one) for one in ids.split(",")[:IDS]]
        return list(_by_id(wanted))
    rows = shown()
    if code := given.get("service_code"):
        rows = rows.filter(category_id__in=_category_ids(code))
    if status := given.get("status"):
        rows = rows.filter(is_open__in=_statuses(status))
    start, end = _span(given)
    rows = rows.filter(registered_at__gte=start, registered_at__lte=end).order_by("-registered_at", "-id")
    size = _whole(given, "page_size", MOST, 1, MOST)
    first = (_whole(given, "page", 1, 1, 10_000) - 1) * size
    return list(rows[first : first + size])


def _by_id(wanted: list[str]) -> CaseQuerySet:
    return (shown() | Case.objects.filter(channel=Case.Channel.OPEN311)).filter(code__in=wanted).order_by("-id")


def public_request(code: str) -> Case:
    """One request by its id; what is not shown does not exist."""
    case = _by_id([codes.normalise(code)]).first()
    if case is None:
        raise Missing(_("没有找到编号 %(code)s 的诉求。") % {"code": code[:40]})
    return case


def _category_ids(text: str) -> list[int]:
    held = catalogue().by_code
    return [held[code].pk for code in (one.strip() for one in text.split(",")) if code in held]


def _statuses(text: str) -> list[bool]:
    found = [one.strip() for one in text.split(",")]
    if not set(found) <= {"open", "closed"}:
        raise DomainError(_("status 只能是 open 或 closed。"))
    return [one == "open" for one in found]


def _span(given: Mapping[str, str]) -> tuple[dt.datetime, dt.datetime]:
    start, end = _moment(given, "start_date"), _moment(given, "end_date")
    end = end or (start + SPAN if start else clock.now())
    start = start or end - SPAN
    if start > end:
        raise DomainError(_("start_date 不能晚于 end_date。"))
    if end - start > SPAN:
        raise DomainError(_("时间范围最多 90 天，请缩短 start_date 到 end_date。"))
    return start, end


def _moment(given: Mapping[str, str], name: str) -> dt.datetime | None:
    text = given.get(name)
    if not text:
        return None
    try:
        moment = parse_datetime(text.replace(" ", "+"))
        day = parse_date(text) if moment is None else None
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = dt.datetime.combine(day, dt.time.min)
    if moment is None:
        raise DomainError(_("%(name)s 要写成 W3C 时间，例如 2026-11-23T09:00:00+08:00。") % {"name": name})
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _whole(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) >= least):
        raise DomainError(_("%(name)s 要填正整数。") % {"name": name})
    return min(int(text), most)
