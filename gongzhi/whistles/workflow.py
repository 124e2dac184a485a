"""A whistle, what it asks of each department, and the duties it ends in, as three tables (facts.md "Whistle"). Pure."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.flow.tables import Table, row


class Kind(TextChoices):
    """The three calls of facts.md."""

    ALONE = "alone", _("单独解决不了")
    JOINT = "joint", _("联合执法")
    EMERGENCY = "emergency", _("应急处置")


class State(TextChoices):
    """Where the whistle as a whole stands."""

    ASKED = "asked", _("待街道吹哨")
    CALLED = "called", _("已吹哨")
    SPLIT = "split", _("分工办理")
    RAISED = "raised", _("上级研究中")
    ENDED = "ended", _("已解除")
    DECLINED = "declined", _("街道未吹哨")
    WITHDRAWN = "withdrawn", _("已撤回")


class Coming(TextChoices):
    """Where one department stands."""

    CALLED = "called", _("待响应")
    ANSWERED = "answered", _("已响应")
    DISPUTED = "disputed", _("称不归本单位，待裁定")
    ON_SITE = "on_site", _("已到场")
    RELEASED = "released", _("裁定不归其管")
    REPLACED = "replaced", _("已由别的单位替代")
    OVER = "over", _("已结束")


class Task(TextChoices):
    """Where one duty stands."""

    OWED = "owed", _("办理中")
    REPORTED = "reported", _("已反馈，待确认")
    DONE = "done", _("已办好")
    DROPPED = "dropped", _("已取消")


class Duty(TextChoices):
    """What somebody is to a whistle; `rules.duties` finds it out."""

    ASKER = "asker", _("社区")
    CALLER = "caller", _("吹哨单位")
    STREET = "street", _("街道")
    CALLED = "called", _("被吹哨单位")
    LEAD = "lead", _("双指挥长")
    RULE = "rule", _("权责裁定")
    DECIDE = "decide", _("上级决定")
    SYSTEM = "system", _("系统")


S, C, T, D = State, Coming, Task, Duty
RUNNING: Final = frozenset({S.CALLED, S.SPLIT, S.RAISED})
AT_WORK: Final = frozenset({S.CALLED, S.SPLIT})
COMING: Final = frozenset({C.CALLED, C.ANSWERED, C.DISPUTED, C.ON_SITE})
"""Departments still in it."""

WHISTLES: Final = Table(
    _("这次吹哨"),
    State,
    (
        row("pass_on", _("街道吹哨"), {S.ASKED}, S.CALLED, D.STREET),
        row("decline", _("不吹哨"), {S.ASKED}, S.DECLINED, D.STREET, needs_reason=True),
        row("withdraw", _("撤回"), {S.ASKED, S.CALLED}, S.WITHDRAWN, D.ASKER, D.CALLER, needs_reason=True),
        row("call_more", _("再叫单位"), AT_WORK, None, D.CALLER, D.LEAD, needs_reason=True),
        row("name_leads", _("设双指挥长"), RUNNING, None, D.CALLER, D.STREET),
        row("send_down", _("派下沉干部"), RUNNING, None, D.LEAD, D.CALLER),
        row("diagnose", _("会诊"), AT_WORK, S.SPLIT, D.CALLER, D.LEAD, needs_reason=True),
        row("add_duty", _("分派任务"), {S.SPLIT}, None, D.CALLER, D.LEAD),
        row("raise_up", _("提请上级"), AT_WORK, S.RAISED, D.CALLER, D.LEAD, needs_reason=True),
        row("raise_again", _("再提上一级"), {S.RAISED}, None, D.DECIDE, needs_reason=True),
        row("decide", _("上级决定"), {S.RAISED}, S.SPLIT, D.DECIDE, needs_reason=True),
        row("end", _("解除吹哨"), AT_WORK, S.ENDED, D.CALLER, D.LEAD, needs_reason=True),
        row("rate", _("互评"), {S.ENDED}, None, D.CALLER, D.CALLED),
        # what a department or a duty does is a step of the whistle too
        row("answer", _("响应"), RUNNING, None, D.CALLED),
        row("dispute", _("不归本单位"), RUNNING, None, D.CALLED, needs_reason=True),
        row("replace", _("请别的单位替代"), RUNNING, None, D.CALLED, needs_reason=True),
        row("arrive", _("到场报到"), RUNNING, None, D.CALLED),
        row("rule_theirs", _("裁定归其管"), RUNNING, None, D.RULE, needs_reason=True),
        row("rule_not", _("裁定不归其管"), RUNNING, None, D.RULE, needs_reason=True),
        row("report_duty", _("反馈任务"), {S.SPLIT, S.RAISED}, None, D.CALLED, needs_reason=True),
        row("accept_duty", _("确认办好"), {S.SPLIT, S.RAISED}, None, D.CALLER, D.LEAD),
        row("reject_duty", _("退回重办"), {S.SPLIT, S.RAISED}, None, D.CALLER, D.LEAD, needs_reason=True),
        row("move_duty", _("改任务时限"), {S.SPLIT}, None, D.CALLER, D.LEAD, needs_reason=True),
        row("drop_duty", _("取消任务"), {S.SPLIT}, None, D.CALLER, D.LEAD, needs_reason=True),
        row("climb", _("无人响应，提级"), RUNNING | {S.ASKED}, None, D.SYSTEM),
        row("warn", _("快到时限"), RUNNING | {S.ASKED}, None, D.SYSTEM, is_public=False),
    ),
    ended={S.ENDED, S.DECLINED, S.WITHDRAWN},
)

COMINGS: Final = Table(
    _("这个单位"),
    Coming,
    (
        row("answer", _("响应"), {C.CALLED}, C.ANSWERED, D.CALLED),
        row("dispute", _("不归本单位"), {C.CALLED, C.ANSWERED}, C.DISPUTED, D.CALLED),
        row("replace", _("请别的单位替代"), {C.CALLED, C.ANSWERED}, C.REPLACED, D.CALLED),
        row("arrive", _("到场报到"), {C.CALLED, C.ANSWERED}, C.ON_SITE, D.CALLED),
        row("rule_theirs", _("裁定归其管"), {C.DISPUTED}, C.CALLED, D.RULE),
        row("rule_not", _("裁定不归其管"), {C.DISPUTED}, C.RELEASED, D.RULE),
        row("finish", _("结束"), COMING, C.OVER, D.SYSTEM),
    ),
    ended={C.RELEASED, C.REPLACED, C.OVER},
)

TASKS: Final = Table(
    _("这项任务"),
    Task,
    (
        row("report_duty", _("反馈任务"), {T.OWED}, T.REPORTED, D.CALLED),
        row("accept_duty", _("确认办好"), {T.REPORTED}, T.DONE, D.CALLER, D.LEAD),
        row("reject_duty", _("退回重办"), {T.REPORTED}, T.OWED, D.CALLER, D.LEAD),
        row("move_duty", _("改任务时限"), {T.OWED}, None, D.CALLER, D.LEAD),
        row("drop_duty", _("取消任务"), {T.OWED, T.REPORTED}, T.DROPPED, D.CALLER, D.LEAD),
    ),
    ended={T.DONE, T.DROPPED},
)
