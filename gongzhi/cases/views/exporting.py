"""Export: the list as it is filtered, as a sheet. Nothing in it says who complained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongzhi.cases import desk_queries, rules, telling
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case
from gongzhi.cases.queries import Filters
from gongzhi.cases.views import desk_filters
from gongzhi.cases.views.who import actor, needs
from gongzhi.community.actors import Actor
from gongzhi.community.directory import body_label
from gongzhi.community.territory import territory
from gongzhi.kernel import audit, clock, sheets

MOST_ROWS = 50_000
AT_ONCE = 1000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@needs(rules.can_export)
def export(request: HttpRequest) -> HttpResponse:
    """At most 50,000 rows of what the inbox shows under these filters."""
    by = actor(request)
    filters, _wrong = desk_filters.read(request)
    rows = list(_rows(by, filters, desk_queries.listing(request.GET)))
    facts = {"rows": len(rows), "filters": sorted(key for key in request.GET if key in FILTERS)}
    with transaction.atomic():
        audit.record(verb="case.export", obj=audit.Ref("cases.list", 0), by=by, facts=facts)
    return workbook(sheets.write_sheet(rows, _columns(), title=_("诉求")), "cases")


FILTERS = frozenset(
    {
        "state",
        "category",
        "place",
        "body",
        "channel",
        "open",
        "late",
        "risk",
        "ours",
        "nowhere",
        "q",
        "since",
        "until",
        "ended",
        *desk_queries.SPECIAL,
    }
)


def _columns() -> list[str]:
    return [
        _("编号"), _("进展"), _("类别"), _("反映内容"), _("区域"), _("地点"), _("来源"), _("承办单位"), _("派给理由"), _("登记时间"),
        _("承诺时间"), _("办好时间"), _("结束时间"), _("是否超时"), _("办理结果"), _("满意度"), _("重新办理次数"),
    ]  # fmt: skip


def _rows(by: Actor, filters: Filters, ask: desk_queries.Ask) -> Iterator[list[Any]]:
    after, left = "", MOST_ROWS
    while left > 0:
        found = ask(by, filters, after=after, size=min(AT_ONCE, left))
        yield from (_row(case) for case in found.rows)
        left -= len(found.rows)
        if found.next_key is None:
            return
        after = found.next_key


def _row(case: Case) -> list[Any]:
    return [
        case.code, telling.state_word(case), catalogue().label(case.category_id), case.description, territory().address_of(case.place_id),
        case.address, case.get_channel_display(), body_label(case.body_id), case.sent_because, case.registered_at, case.resolve_due,
        case.resolved_at, case.closed_at, case.is_late, case.get_outcome_display(), case.rating, case.reopened_times,
    ]  # fmt: skip


def workbook(content: bytes, name: str) -> HttpResponse:
    """A sheet to download, named by its day; kept by no cache."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}-{clock.today():%Y%m%d}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response
