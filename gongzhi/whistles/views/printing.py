"""吹哨单 and 会诊纪要 in one paper: the record that a meeting can use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.community.directory import body_label
from gongzhi.community.views.doing import actor, needs
from gongzhi.kernel import clock, papers
from gongzhi.whistles import queries, rules, telling
from gongzhi.whistles.models import Deadline, Whistle
from gongzhi.whistles.workflow import Coming, Task


@require_safe
@needs(rules.takes_part)
def record(request: HttpRequest, code: str) -> HttpResponse:
    """The whole record as a PDF."""
    whistle = queries.get_whistle(actor(request), code)
    url = request.build_absolute_uri(reverse("whistles:show", args=[code]))
    content = papers.pdf("whistles/templates/whistles/papers/record.typ", data_of(whistle) | {"qr": papers.qr_svg(url)})
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="whistle-{whistle.code}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def data_of(whistle: Whistle) -> dict[str, Any]:
    """What the paper holds: head, departments, diagnosis, duties, decision, result, ratings, steps."""
    facts = telling.facts(whistle)
    due = {(one.summons_id, one.kind): one.due_at for one in whistle.deadlines.order_by("id")}
    return {
        "title": _("吹哨报到全程记录"),
        "unit": facts["caller"],
        "number": whistle.code,
        "date": clock.now(),
        "rows": [
            [_("哪一种"), facts["kind"]],
            [_("什么事"), whistle.matter],
            [_("地点"), whistle.where],
            [_("吹哨时间"), whistle.opened_at],
            [_("到场时间"), whistle.be_there_at],
            [_("现在的状态"), facts["word"]],
            [_("会诊结论"), whistle.findings or "—"],
            [_("牵头单位"), facts["lead"] or "—"],
            [_("上级决定"), whistle.decision or "—"],
            [_("结果"), whistle.outcome or "—"],
        ],
        "departments_title": _("各单位"),
        "departments_head": [_("单位"), _("响应"), _("到场"), _("情况")],
        "departments": [
            [
                body_label(one.body_id),
                _at(one.answered_at, due.get((one.pk, Deadline.Kind.ANSWER))),
                _at(one.arrived_at, due.get((one.pk, Deadline.Kind.ARRIVE))),
                "；".join(part for part in (str(Coming(one.state).label), one.objection, one.ruling) if part),
            ]
            for one in whistle.summons.all()
        ],
        "duties_title": _("会诊任务"),
        "duties_head": [_("单位"), _("做什么"), _("时限"), _("情况")],
        "duties": [
            [body_label(one.body_id), one.words, one.due_at, "；".join(part for part in (str(Task(one.state).label), one.result) if part)]
            for one in whistle.duties.all()
        ],
        "ratings_title": _("互评"),
        "ratings_head": [_("谁评"), _("评谁"), _("分"), _("说明")],
        "ratings": [
            [body_label(one.by_body_id), body_label(one.about_id), str(one.stars), one.words or "—"]
            for one in whistle.ratings.order_by("id")
        ],
        "steps_title": _("经过"),
        "steps": [[step.at, telling.title_of(step), step.note or step.reason or "—"] for step in whistle.steps.order_by("seq")],
    }


def _at(moment: Any, due: Any) -> list[Any]:
    return [moment or "—", telling.how_late(moment, due)]
