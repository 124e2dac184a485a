"""Registrations of the room: notice texts, who may see a case's pictures, periodic work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongzhi.cases import tasks  # its import registers the periodic work
from gongzhi.cases.claims import claims_of
from gongzhi.cases.claims import register as register_claims
from gongzhi.cases.events import CalendarChanged
from gongzhi.cases.importing import calendar_sheet
from gongzhi.cases.importing.sheet_spec import register_sheets
from gongzhi.cases.models import Case
from gongzhi.cases.workflow import State
from gongzhi.community.actors import actor_of
from gongzhi.kernel import attachments, events, notices


def _in_words(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The state's name in the reader's language beside its code."""
    state = params.get("state", "")
    return {**params, "state_label": State(state).label if state in State.values else ""}


def register() -> None:
    notices.register(
        "case.step",
        title=_("您的诉求 %(code)s 有新进展"),
        body=_("现在的状态：%(state_label)s。点开看看是谁在办、什么时候办好。"),
        url="/cases/%(code)s/",
        fill=_in_words,
    )
    notices.register("case.given", title=_("新派单：%(code)s"), body=_("有一件诉求派给你们单位，请按时签收。"), url="/desk/cases/%(code)s/")
    notices.register("case.warn", title=_("快到期：%(code)s"), body=_("承诺时间只剩四分之一，请抓紧办理。"), url="/desk/cases/%(code)s/")
    notices.register(
        "case.late", title=_("已超时：%(code)s"), body=_("承诺时间已过，已提到上一级，请马上过问。"), url="/desk/cases/%(code)s/"
    )
    notices.register(
        "case.review",
        title=_("挂账到期回看：%(code)s"),
        body=_("这件挂账诉求到了回看日期，请决定继续挂账还是恢复办理。"),
        url="/desk/cases/%(code)s/",
    )
    attachments.register_owner("cases.case", may_see_pictures)
    register_claims()
    register_sheets()
    calendar_sheet.register_sheets()
    events.subscribe(CalendarChanged, lambda _event: tasks.move_promises.enqueue())


def may_see_pictures(request: Any, case_id: int) -> bool:
    """Pictures of a case are seen by who sees the case in words."""
    actor = actor_of(request.user, claims=claims_of(request).cases)
    return Case.objects.visible_to(actor).filter(pk=case_id).exists()
