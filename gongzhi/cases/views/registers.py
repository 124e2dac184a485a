"""台账: what needed a reason and an approval, by kind, with an export."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gongzhi.cases import queries, rules, telling
from gongzhi.cases.models import Request, Return
from gongzhi.cases.views.exporting import MOST_ROWS, workbook
from gongzhi.cases.views.who import actor, needs, page
from gongzhi.community.directory import body_label
from gongzhi.kernel import audit, sheets
from gongzhi.kernel.errors import Missing

WORDS = {
    "returned": gettext_lazy("退单"),
    "ruled": gettext_lazy("权责裁定"),
    "extended": gettext_lazy("延期"),
    "suspended": gettext_lazy("暂缓"),
    "void": gettext_lazy("作废"),
    "long_term": gettext_lazy("挂账"),
}


@require_GET
@needs(rules.can_see_words)
def register(request: HttpRequest, name: str = "returned") -> HttpResponse:
    """One register, newest first."""
    rows = [_line(row) for row in queries.list_register(actor(request), _known(name))]
    faces = [
        {"text": words, "url": reverse("cases:register", args=[key]), "active": key == name, "count": None} for key, words in WORDS.items()
    ]
    context = {"rows": rows, "tabs": faces, "name": name, "words": WORDS[name], "may_export": rules.can_export(actor(request))}
    return page(request, "cases/desk/register.html", context)


def _known(name: str) -> str:
    if name not in WORDS:
        raise Missing()
    return name


@require_GET
@needs(rules.can_export)
def export(request: HttpRequest, name: str) -> HttpResponse:
    """The register as a sheet."""
    by = actor(request)
    lines = [_line(row) for row in queries.list_register(by, _known(name), limit=MOST_ROWS)]
    columns = [
        _("编号"), _("内容"), _("地点"), _("单位"), _("原因"), _("谁提出"),
        _("提出时间"), _("到哪一天"), _("结果"), _("意见"), _("谁决定"), _("决定时间"),
    ]  # fmt: skip
    keys = ("code", "title", "place", "unit", "reason", "asked_by", "asked_at", "until", "result", "ruling", "decided_by", "decided_at")
    with transaction.atomic():
        audit.record(verb="register.export", obj=audit.Ref("cases.register", 0, name), by=by, facts={"rows": len(lines)})
    content = sheets.write_sheet(([line[key] for key in keys] for line in lines), columns, title=str(WORDS[name]))
    return workbook(content, f"register-{name}")


def _line(row: Request | Return) -> dict[str, Any]:
    case = row.case
    common = {"case": case, "code": case.code, "title": telling.headline(case), "place": telling.place_line(case), "reason": row.reason}
    return common | (_returned(row) if isinstance(row, Return) else _requested(row))


def _returned(row: Return) -> dict[str, Any]:
    if row.ruled_at:
        result, tone = _("裁定由%(body)s办理") % {"body": row.ruled_to}, "good"
    elif row.accepted_at:
        result, tone = _("同意退单"), "good"
    elif row.objected_at:
        result, tone = _("不同意，等裁定"), "warn"
    else:
        result, tone = _("等派遣员决定"), "wait"
    return {
        "unit": str(row.body),
        "asked_by": str(row.returned_by),
        "asked_at": row.returned_at,
        "until": None,
        "result": result,
        "tone": tone,
        "ruling": row.ruling or row.objection,
        "decided_by": str(row.ruled_by) if row.ruled_by else "",
        "decided_at": row.ruled_at or row.accepted_at or row.objected_at,
    }


def _requested(row: Request) -> dict[str, Any]:
    result = {True: (_("同意"), "good"), False: (_("不同意"), "bad"), None: (_("等审批"), "wait")}[row.granted]
    return {
        "unit": body_label(row.case.body_id),
        "asked_by": str(row.asked_by),
        "asked_at": row.asked_at,
        "until": row.until,
        "result": result[0],
        "tone": result[1],
        "ruling": row.ruling,
        "decided_by": str(row.decided_by) if row.decided_by else "",
        "decided_at": row.decided_at,
    }
