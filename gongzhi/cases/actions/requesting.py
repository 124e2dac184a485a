"""What needs an approval: extend, suspend, list as long-term, void. Asked by one, decided by another, kept in a register."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases import timing
from gongzhi.cases.actions.moves import check_move, perform
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, Request, Step
from gongzhi.cases.workflow import REQUESTS
from gongzhi.community.actors import Actor
from gongzhi.kernel import clock
from gongzhi.kernel.errors import Conflict, DomainError, NotAllowed
from gongzhi.kernel.flow.tables import Saying

CAPS = {"extend": ("extend_days", 30), "suspend": ("suspend_days", 30), "list_long_term": ("long_term_days", 180)}
"""Kind -> (cap's code, default in days): how far ahead a date may lie."""


@transaction.atomic
def ask_for(*, case: Case, by: Actor, kind: str, reason: str, until: dt.date | None = None) -> Step:
    """Ask for one of `Request.Kind`; an approver decides. Only one request is open at a time."""
    if kind not in REQUESTS:
        raise DomainError(_("请选择要申请什么。"), field="kind")
    _check_date(case, kind, until)
    if Request.objects.filter(case_id=case.pk, decided_at=None).exists():
        raise DomainError(_("已有一项申请等着审批，批完再申请。"), field="kind")
    data = {"until": until.isoformat() if until else None}
    step = perform(case, REQUESTS[kind], by=by, say=Saying(reason=reason, data=data))
    if by.user_id is None:
        raise NotAllowed()
    Request.objects.create(case=case, kind=kind, reason=reason.strip(), until=until, asked_by_id=by.user_id, asked_at=step.at)
    return step


def _check_date(case: Case, kind: str, until: dt.date | None) -> None:
    if kind not in CAPS:
        return
    code, default = CAPS[kind]
    today, days = clock.today(), catalogue().cap(code, default)
    start = max(today, case.resolve_due.date()) if kind == "extend" and case.resolve_due else today
    if until is None or not start < until <= start + dt.timedelta(days=days):
        raise DomainError(
            _("请填写到哪一天：要在 %(start)s 之后，最多 %(days)d 天。") % {"start": start.isoformat(), "days": days}, field="until"
        )
    times = catalogue().cap("extend_times", 2)
    if kind == "extend" and case.extended_times >= times:
        raise DomainError(_("已经延期 %(times)d 次，不能再延。") % {"times": times}, field="kind")


@transaction.atomic
def decide(*, case: Case, by: Actor, granted: bool, ruling: str = "") -> Step:
    """Grant or deny the open request. Who asked cannot decide."""
    row = Request.objects.filter(case_id=case.pk, decided_at=None).first()
    if row is None:
        raise Conflict(_("没有等待审批的申请，可能别人刚刚批过。"))
    if row.asked_by_id == by.user_id:
        raise NotAllowed(_("自己的申请要由别人审批。"))
    if granted:
        step = perform(case, row.kind, by=by, say=_words(case, row, ruling), changes=_effect(case, row))
    else:
        step = perform(case, "deny", by=by, say=Saying(reason=ruling, data={"kind": row.kind}))
    changed = Request.objects.filter(pk=row.pk, decided_at=None).update(
        decided_by_id=by.user_id, decided_at=step.at, granted=granted, ruling=ruling.strip()
    )
    if not changed:
        raise Conflict()
    return step


def _words(case: Case, row: Request, ruling: str) -> Saying:
    data: dict[str, Any] = {"until": row.until.isoformat() if row.until else None}
    if row.kind == Request.Kind.EXTEND and row.until:
        data["due"] = [case.resolve_due.isoformat() if case.resolve_due else None, _end_of(row.until).isoformat()]
    return Saying(reason=ruling, note=row.reason, data=data)


def _end_of(day: dt.date) -> dt.datetime:
    return clock.start_of(day + dt.timedelta(days=1)) - dt.timedelta(seconds=1)


def _effect(case: Case, row: Request) -> dict[str, Any]:
    if row.kind == Request.Kind.EXTEND and row.until:
        return {"resolve_due": _end_of(row.until), "extended_times": case.extended_times + 1, "is_late": False, "alarm_level": ""}
    if row.kind in (Request.Kind.SUSPEND, Request.Kind.LIST):
        return {"paused_at": clock.now(), "look_again_on": row.until, "is_late": False}
    return {"is_public": False}


@transaction.atomic
def resume(*, case: Case, by: Actor, note: str = "") -> Step:
    """恢复办理: from a suspension; what was left of the clock then is left now."""
    return perform(case, "resume", by=by, say=_resumed(case, note), changes=timing.rested(case, clock.now()))


@transaction.atomic
def take_up(*, case: Case, by: Actor, note: str = "") -> Step:
    """Take a long-term case up again."""
    check_move(case, "take_up", by)
    return perform(case, "take_up", by=by, say=_resumed(case, note), changes=timing.rested(case, clock.now()))


def _resumed(case: Case, note: str) -> Saying:
    due = timing.after_pause(case, clock.now())
    return Saying(note=note, data={"due": [case.resolve_due.isoformat() if case.resolve_due else None, due.isoformat() if due else None]})


@transaction.atomic
def keep_listed(*, case: Case, by: Actor, reason: str, until: dt.date) -> Step:
    """继续挂账: the review says not yet, with the next review date within the cap."""
    _check_date(case, "list_long_term", until)
    return perform(
        case,
        "keep_listed",
        by=by,
        say=Saying(reason=reason, note=reason, data={"until": until.isoformat()}),
        changes={"look_again_on": until},
    )
