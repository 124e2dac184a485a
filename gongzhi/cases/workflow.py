"""The life of a case as one table (facts.md "Life of a case"). Pure: no query, no clock, no Django models.

Every change of state in the product is one row here. `perform` in `actions/moves.py` is the only code that writes a state,
and it writes only what this table allows. Tests walk the table: each row allowed and denied, each duty tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.flow.tables import Move
from gongzhi.kernel.flow.tables import row as _move


class State(TextChoices):
    """Where a case stands. The words are those a resident reads."""

    REGISTERED = "registered", _("已登记")
    ACCEPTED = "accepted", _("已受理")
    ANSWERED = "answered", _("已答复")
    REFUSED = "refused", _("不予受理")
    REFERRED = "referred", _("已转法定途径")
    DISPATCHED = "dispatched", _("已派单")
    IN_HAND = "in_hand", _("办理中")
    RETURNED = "returned", _("已退单")
    DISPUTED = "disputed", _("待裁定")
    SUSPENDED = "suspended", _("暂缓办理")
    REPORTED = "reported", _("已反馈")
    CHECKED = "checked", _("核查通过")
    CLOSED = "closed", _("已办结")
    LONG_TERM = "long_term", _("挂账推进")
    RATED = "rated", _("已评价")
    REOPENED = "reopened", _("重新办理")
    VOID = "void", _("已作废")
    MERGED = "merged", _("已并案")


class Outcome(TextChoices):
    """How a case is said to have ended."""

    SOLVED = "solved", _("实际解决")
    EXPLAINED = "explained", _("解释说明")
    FOR_NOW = "for_now", _("阶段性办结")


class Duty(TextChoices):
    """What someone is to a case; `rules.duties` finds it out."""

    REPORTER = "reporter", _("反映人")
    INTAKE = "intake", _("受理")
    DISPATCH = "dispatch", _("派遣")
    HANDLE = "handle", _("承办")
    CO_HANDLE = "co_handle", _("协办")
    FIND = "find", _("网格发现")
    CHECK = "check", _("核查")
    RULE = "rule", _("权责裁定")
    APPROVE = "approve", _("审批")
    SUPERVISE = "supervise", _("监督")
    SYSTEM = "system", _("系统")


S, D = State, Duty

ENDED: Final = frozenset({S.ANSWERED, S.REFUSED, S.REFERRED, S.CLOSED, S.RATED, S.VOID, S.MERGED})
"""States in which nothing is owed and no clock runs."""
OPEN: Final = frozenset(set(S) - ENDED)
WITH_BODY: Final = frozenset({S.DISPATCHED, S.IN_HAND})
BEFORE_DISPATCH: Final = frozenset({S.REGISTERED, S.ACCEPTED, S.REOPENED})
CLOCKS_REST: Final = frozenset({S.SUSPENDED, S.LONG_TERM}) | ENDED
"""States in which the resolve clock does not run: suspended (capped, shown), listed as long-term (published), ended."""


ACCEPT, RESPOND, RESOLVE = "accept", "respond", "resolve"
ALL_CLOCKS: Final = frozenset({ACCEPT, RESPOND, RESOLVE})


_ROWS: Final = (
    # intake
    _move("accept", _("受理"), {S.REGISTERED}, S.ACCEPTED, D.INTAKE, D.FIND, stops=frozenset({ACCEPT})),
    _move("answer", _("当场答复"), {S.REGISTERED, S.ACCEPTED}, S.ANSWERED, D.INTAKE, needs_reason=True, stops=ALL_CLOCKS),
    _move("refuse", _("不予受理"), {S.REGISTERED}, S.REFUSED, D.INTAKE, needs_reason=True, stops=ALL_CLOCKS),
    _move("refer", _("转法定途径"), {S.REGISTERED, S.ACCEPTED}, S.REFERRED, D.INTAKE, needs_reason=True, stops=ALL_CLOCKS),
    _move("settle", _("现场办结"), {S.REGISTERED, S.ACCEPTED}, S.CLOSED, D.FIND, needs_reason=True, stops=ALL_CLOCKS),
    _move("import_close", _("导入时已有答复"), {S.REGISTERED}, S.CLOSED, D.SYSTEM, needs_reason=True, stops=ALL_CLOCKS),
    _move("merge", _("并案"), BEFORE_DISPATCH | WITH_BODY, S.MERGED, D.INTAKE, D.DISPATCH, needs_reason=True, stops=ALL_CLOCKS),
    # dispatch
    _move("dispatch", _("派单"), {S.ACCEPTED, S.REOPENED}, S.DISPATCHED, D.DISPATCH),
    _move("hand_on", _("转派"), WITH_BODY, S.DISPATCHED, D.HANDLE, D.DISPATCH, needs_reason=True),
    _move("take", _("签收"), {S.DISPATCHED}, S.IN_HAND, D.HANDLE, stops=frozenset({RESPOND})),
    _move("send_back", _("退单"), WITH_BODY, S.RETURNED, D.HANDLE, needs_reason=True),
    _move("accept_return", _("同意退单"), {S.RETURNED}, S.ACCEPTED, D.DISPATCH),
    _move("object", _("不同意退单"), {S.RETURNED}, S.DISPUTED, D.DISPATCH, needs_reason=True),
    _move("rule", _("权责裁定"), {S.DISPUTED}, S.DISPATCHED, D.RULE, needs_reason=True),
    _move("add_helper", _("增加协办"), WITH_BODY, None, D.DISPATCH, D.HANDLE),
    _move("drop_helper", _("退出协办"), WITH_BODY, None, D.DISPATCH, D.CO_HANDLE, needs_reason=True),
    # work
    _move(
        "respond",
        _("回复进展"),
        WITH_BODY | {S.SUSPENDED, S.LONG_TERM},
        None,
        D.HANDLE,
        D.CO_HANDLE,
        needs_reason=True,
        stops=frozenset({RESPOND}),
    ),
    _move("report_done", _("办理完成"), {S.IN_HAND}, S.REPORTED, D.HANDLE, needs_reason=True, stops=frozenset({RESPOND, RESOLVE})),
    _move("ask_extension", _("申请延期"), WITH_BODY, None, D.HANDLE, needs_reason=True),
    _move("ask_suspension", _("申请暂缓"), WITH_BODY, None, D.HANDLE, needs_reason=True),
    _move("ask_listing", _("申请挂账"), WITH_BODY, None, D.HANDLE, needs_reason=True),
    _move(
        "ask_void",
        _("申请作废"),
        OPEN - {S.SUSPENDED, S.LONG_TERM, S.CHECKED, S.DISPUTED},
        None,
        D.INTAKE,
        D.DISPATCH,
        needs_reason=True,
        is_public=False,
    ),
    _move("deny", _("不同意申请"), OPEN, None, D.APPROVE, needs_reason=True, is_public=False),
    _move("extend", _("同意延期"), WITH_BODY, None, D.APPROVE),
    _move("suspend", _("同意暂缓"), WITH_BODY, S.SUSPENDED, D.APPROVE),
    _move("list_long_term", _("列入挂账"), WITH_BODY, S.LONG_TERM, D.APPROVE),
    _move("void", _("作废"), OPEN - {S.SUSPENDED, S.LONG_TERM, S.CHECKED, S.DISPUTED}, S.VOID, D.APPROVE, stops=ALL_CLOCKS),
    _move("resume", _("恢复办理"), {S.SUSPENDED}, S.IN_HAND, D.HANDLE, D.APPROVE, D.SYSTEM),
    _move("keep_listed", _("继续挂账"), {S.LONG_TERM}, None, D.APPROVE, needs_reason=True),
    _move("take_up", _("恢复办理"), {S.LONG_TERM}, S.IN_HAND, D.APPROVE, D.HANDLE),
    # check and end
    _move("pass_check", _("核查通过"), {S.REPORTED}, S.CHECKED, D.CHECK),
    _move("fail_check", _("核查不通过"), {S.REPORTED}, S.IN_HAND, D.CHECK, needs_reason=True),
    _move("close", _("办结"), {S.CHECKED}, S.CLOSED, D.CHECK, D.DISPATCH, D.INTAKE, stops=ALL_CLOCKS),
    _move("look_again", _("到期回看"), {S.CLOSED, S.RATED}, S.REOPENED, D.SYSTEM, D.CHECK),
    _move("rate", _("评价"), {S.CLOSED, S.ANSWERED}, S.RATED, D.REPORTER),
    _move("reopen", _("要求重新办理"), {S.CLOSED, S.RATED, S.ANSWERED}, S.REOPENED, D.REPORTER, D.CHECK, needs_reason=True),
    _move("look_over", _("抽查通过"), {S.CLOSED, S.RATED}, None, D.CHECK, is_public=False),
    # what stays in place
    _move(
        "correct",
        _("更正信息"),
        BEFORE_DISPATCH | WITH_BODY | {S.RETURNED},
        None,
        D.INTAKE,
        D.DISPATCH,
        D.FIND,
        needs_reason=True,
        is_public=False,
    ),
    _move("link_repeat", _("关联重复诉求"), OPEN, None, D.INTAKE, D.DISPATCH, needs_reason=True, is_public=False),
    _move("ask_back", _("补充或追问"), OPEN, None, D.REPORTER, needs_reason=True),
    _move("publish_words", _("公开内容"), set(S) - {S.VOID}, None, D.INTAKE, D.DISPATCH, is_public=False),
    _move("warn", _("即将到期"), OPEN, None, D.SYSTEM, is_public=False),
    _move("escalate", _("超时提级"), OPEN, None, D.SYSTEM, is_public=False),
    _move("recompute", _("节假日调整"), OPEN, None, D.SYSTEM),
)

MOVES: Final[dict[str, Move]] = {one.name: one for one in _ROWS}
FIRST: Final = S.REGISTERED
"""Every case begins registered; `intake.open_case` writes that first step."""

REQUESTS: Final = {"extend": "ask_extension", "suspend": "ask_suspension", "list_long_term": "ask_listing", "void": "ask_void"}
"""What an approver may grant -> the move that asks for it."""

ROLE_DUTIES: Final[dict[str, frozenset[Duty]]] = {
    "grid_worker": frozenset({D.FIND}),
    "clerk": frozenset({D.INTAKE}),
    "dispatcher": frozenset({D.DISPATCH, D.INTAKE}),
    "secretary": frozenset({D.INTAKE, D.DISPATCH}),
    "handler": frozenset({D.HANDLE}),
    "steward": frozenset({D.HANDLE}),
    "checker": frozenset({D.CHECK}),
    "adjudicator": frozenset({D.RULE}),
    "approver": frozenset({D.APPROVE}),
    "supervisor": frozenset({D.SUPERVISE}),
    "leader": frozenset(),
}
"""What a post in reach of a case makes its holder to that case. A role that is not here is nothing to it."""


def moves_from(state: str, duties: Iterable[str]) -> list[Move]:
    """What may be done now by someone with these duties, in the order of the table."""
    held = frozenset(duties)
    return [one for one in _ROWS if one.allows(state, held)]
