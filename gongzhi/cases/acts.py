"""Every act on a case as one table: what it asks for and which action it runs. Desk, field, batch and API share it.

A page or an API call names an act; the form is built from `asks`, the action refuses what the table of moves does not allow.
Kinds of asking that only cases know: category, case, outcome, route, ground, spot.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_lazy as _

from gongzhi.cases import actions
from gongzhi.cases.models import Step
from gongzhi.community.acting import PHOTOS, REASON, Act, Ask, Run
from gongzhi.kernel.flow.tables import Text

NOTE = Ask("note", "text", _("给反映人的话"), required=False, help=_("反映人会看到。"))
REPLY = Ask("note", "text", _("给反映人的答复"), help=_("反映人会看到，请写清楚做了什么、依据是什么。"))


def _plain(action: Callable[..., Step]) -> Run:
    """An action whose arguments are named like what the act asks for."""
    return lambda case, by, data: action(case=case, by=by, **data)


def _until(label: Text) -> Ask:
    return Ask("until", "date", label)


def _ask_for(kind: str) -> Run:
    return lambda case, by, data: actions.ask_for(case=case, by=by, kind=kind, reason=data["reason"], until=data.get("until"))


def _decide(granted: bool) -> Run:
    return lambda case, by, data: actions.decide(case=case, by=by, granted=granted, ruling=data.get("reason", ""))


_ROWS: Final = (
    Act("accept", "accept", _("受理"), (NOTE,), _plain(actions.accept), _("已受理，请派给承办单位。"), in_batch=True),
    Act("answer", "answer", _("当场答复"), (REPLY,), _plain(actions.answer), _("已答复反映人。")),
    Act(
        "refuse",
        "refuse",
        _("不予受理"),
        (Ask("ground", "ground", _("依据")), REPLY),
        _plain(actions.refuse),
        _("已出具告知书，可以打印。"),
        is_danger=True,
    ),
    Act(
        "refer",
        "refer",
        _("转法定途径"),
        (Ask("route", "route", _("应走的途径")), REPLY),
        _plain(actions.refer),
        _("已告知反映人应走的途径，告知书可以打印。"),
    ),
    Act("settle", "settle", _("现场办结"), (REPLY, PHOTOS), _plain(actions.settle_on_spot), _("现场办结，已记录。")),
    Act(
        "dispatch",
        "dispatch",
        _("派单"),
        (
            Ask("body", "body", _("承办单位"), required=False, help=_("不选就按规则派。选别的单位要写原因。")),
            Ask("reason", "text", _("原因"), required=False),
            NOTE,
        ),
        _plain(actions.dispatch),
        _("已派单，承办单位会收到通知。"),
        in_batch=True,
    ),
    Act("take", "take", _("签收"), (NOTE,), _plain(actions.take), _("已签收，请按承诺时间办好。"), in_batch=True),
    Act("respond", "respond", _("回复进展"), (REPLY, PHOTOS), _plain(actions.respond), _("反映人能看到您的回复了。")),
    Act(
        "report_done",
        "report_done",
        _("办理完成"),
        (
            Ask("outcome", "outcome", _("办理结果")),
            REPLY,
            PHOTOS,
            Ask("look_again_on", "date", _("回看日期"), required=False, help=_("阶段性办结才填。")),
        ),
        _plain(actions.report_done),
        _("已反馈，等别人核查。"),
    ),
    Act(
        "hand_on", "hand_on", _("转派"), (Ask("body", "body", _("转给单位")), REASON), _plain(actions.hand_on), _("已转派，承诺时间不变。")
    ),
    Act("send_back", "send_back", _("退单"), (REASON,), _plain(actions.send_back), _("已退回派遣员。"), is_danger=True),
    Act(
        "accept_return",
        "accept_return",
        _("同意退单"),
        (Ask("reason", "text", _("说明"), required=False),),
        _plain(actions.accept_return),
        _("已同意退单，请重新派单。"),
    ),
    Act("object", "object", _("不同意退单"), (REASON,), _plain(actions.object_to_return), _("已提请权责裁定。")),
    Act(
        "rule",
        "rule",
        _("权责裁定"),
        (Ask("body", "body", _("应当承办的单位")), Ask("ground", "text", _("裁定依据"))),
        _plain(actions.rule_on_return),
        _("已裁定并派单。"),
    ),
    Act(
        "add_helper",
        "add_helper",
        _("增加协办"),
        (Ask("body", "body", _("协办单位")), Ask("reason", "text", _("原因"), required=False)),
        _plain(actions.add_helper),
        _("已请该单位协办。"),
    ),
    Act(
        "drop_helper",
        "drop_helper",
        _("退出协办"),
        (Ask("body", "body", _("协办单位")), REASON),
        _plain(actions.drop_helper),
        _("该单位已退出协办。"),
    ),
    Act(
        "ask_extension",
        "ask_extension",
        _("申请延期"),
        (_until(_("延到哪一天")), REASON),
        _ask_for("extend"),
        _("已提交延期申请，等审批。"),
    ),
    Act(
        "ask_suspension",
        "ask_suspension",
        _("申请暂缓"),
        (_until(_("暂缓到哪一天")), REASON),
        _ask_for("suspend"),
        _("已提交暂缓申请，等审批。"),
    ),
    Act(
        "ask_listing",
        "ask_listing",
        _("申请挂账"),
        (_until(_("哪一天回看")), REASON),
        _ask_for("list_long_term"),
        _("已提交挂账申请，等审批。"),
    ),
    Act("ask_void", "ask_void", _("申请作废"), (REASON,), _ask_for("void"), _("已提交作废申请，等审批。"), is_danger=True),
    Act("grant", "", _("同意申请"), (Ask("reason", "text", _("意见"), required=False),), _decide(True), _("已同意，台账已登记。")),
    Act("deny", "deny", _("不同意申请"), (REASON,), _decide(False), _("已退回申请。")),
    Act("resume", "resume", _("恢复办理"), (NOTE,), _plain(actions.resume), _("已恢复办理，剩余时间接着算。")),
    Act(
        "keep_listed", "keep_listed", _("继续挂账"), (_until(_("下次回看")), REASON), _plain(actions.keep_listed), _("继续挂账，到期再看。")
    ),
    Act("take_up", "take_up", _("恢复办理"), (NOTE,), _plain(actions.take_up), _("已恢复办理。")),
    Act("pass_check", "pass_check", _("核查通过"), (NOTE, PHOTOS), _plain(actions.pass_check), _("核查通过，可以办结。"), in_batch=True),
    Act(
        "fail_check",
        "fail_check",
        _("核查不通过"),
        (REASON, PHOTOS),
        _plain(actions.fail_check),
        _("已退回承办单位继续办。"),
        is_danger=True,
    ),
    Act("close", "close", _("办结"), (NOTE,), _plain(actions.close_case), _("已办结，请反映人评价。"), in_batch=True),
    Act(
        "look_over",
        "look_over",
        _("抽查通过"),
        (Ask("note", "text", _("说明"), required=False),),
        _plain(actions.look_over),
        _("抽查通过，已登记。"),
    ),
    Act(
        "correct",
        "correct",
        _("更正类别或地点"),
        (Ask("category", "category", _("类别"), required=False), Ask("spot", "spot", _("地点"), required=False), REASON),
        lambda c, by, d: actions.correct(case=c, by=by, reason=d["reason"], category_code=d["category"] or None, spot=d["spot"]),
        _("已更正。"),
    ),
    Act(
        "merge",
        "merge",
        _("并案"),
        (Ask("into", "case", _("并入哪一件（编号）")), REASON),
        _plain(actions.merge),
        _("已并案，反映人都会收到进展。"),
    ),
    Act(
        "link_repeat",
        "link_repeat",
        _("关联重复诉求"),
        (Ask("into", "case", _("和哪一件重复（编号）")), REASON),
        lambda c, by, d: actions.link_repeat(case=c, by=by, to=d["into"], reason=d["reason"]),
        _("已关联。"),
    ),
    Act(
        "publish_words",
        "publish_words",
        _("公开内容"),
        (
            Ask("is_public", "yes", _("公开"), required=False),
            Ask("words", "line", _("公开的话"), required=False, help=_("不要写姓名、电话和门牌。")),
        ),
        _plain(actions.publish_words),
        _("公开设置已保存。"),
    ),
    Act("reopen", "reopen", _("要求重新办理"), (REASON,), _plain(actions.reopen), _("已要求重新办理，会重新派单。")),
    Act(
        "rate",
        "rate",
        _("评价"),
        (Ask("stars", "stars", _("您满意吗")), Ask("words", "text", _("想说的话"), required=False)),
        _plain(actions.rate),
        _("谢谢您的评价。"),
    ),
    Act(
        "ask_back",
        "ask_back",
        _("补充或追问"),
        (Ask("note", "text", _("想补充或想问什么")),),
        _plain(actions.ask_back),
        _("已转给承办的人。"),
    ),
)

ACTS: Final[dict[str, Act]] = {act.name: act for act in _ROWS}
