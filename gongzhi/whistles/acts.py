"""Acts on a whistle, on one called department, and on one duty: what they ask for and which action they run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from gongzhi.accounts.models import User
from gongzhi.cases.models import Case
from gongzhi.community.acting import NOTE, PHOTOS, REASON, Act, Ask, Run, body_choices
from gongzhi.community.actors import Actor
from gongzhi.community.directory import bodies
from gongzhi.community.models import Post
from gongzhi.community.territory import territory
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError
from gongzhi.whistles import actions, rules
from gongzhi.whistles.models import Duty as DutyRow
from gongzhi.whistles.models import Summons, Whistle
from gongzhi.whistles.workflow import COMINGS, TASKS, WHISTLES, Coming, Duty, Kind

Options = Sequence[tuple[Any, Any]]


def callable_bodies(matter: Case | Whistle | Summons, actor: Actor) -> Options:
    """Whom one can call: active bodies of the case's line of places, and of the district."""
    case = matter if isinstance(matter, Case) else matter.whistle.case if isinstance(matter, Summons) else matter.case
    ids = {node.id for node in territory().up(case.place_id)}
    return body_choices(pk for pk, row in bodies().items() if row.is_active and (not ids or row.place_id in ids))


def bodies_taking_part(whistle: Whistle, actor: Actor) -> Options:
    return body_choices(rules.bodies_in(whistle) | {whistle.caller_id})


def to_rate(whistle: Whistle, actor: Actor) -> Options:
    """Whom this person's body may still rate."""
    own = {post.body_id for post in actor.held if post.role in rules.SPEAKS}
    called = rules.bodies_in(whistle)
    said = set(whistle.ratings.values_list("by_body_id", "about_id"))
    wanted = {(whistle.caller_id, one) for one in called if whistle.caller_id in own} | {(one, whistle.caller_id) for one in called & own}
    return body_choices(about for _own, about in wanted - said)


def officials(role: str) -> Callable[[Any, Actor], Options]:
    """People with a role along the line of the case's places, by name and title."""

    def choices(whistle: Whistle, actor: Actor) -> Options:
        places = [node.id for node in territory().up(whistle.case.place_id)]
        posts = Post.objects.filter(role=role, place_id__in=places).held_on(clock.today()).select_related("user", "body")
        return sorted({(post.user_id, f"{post.user.display_name} · {post.body.label}") for post in posts}, key=lambda one: str(one[1]))

    return choices


def _user(pk: Any) -> User:
    return User.objects.get(pk=int(pk))


def _plain(action: Callable[..., object], name: str) -> Run:
    """An action whose arguments are named like what the act asks for."""
    return lambda matter, by, data: action(**{name: matter}, by=by, **data)


def _called(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": data["kind"],
        "matter": data["matter"],
        "bodies": data["bodies"],
        "where": data["where"] or "",
        "be_there_at": data["be_there_at"],
    }


def _rule(is_theirs: bool) -> Run:
    return lambda summons, by, data: actions.rule(summons=summons, by=by, is_theirs=is_theirs, **data)


def _arrive(summons: Summons, by: Actor, data: Mapping[str, Any]) -> object:
    if data["point"] is None:
        raise DomainError(_("请先按“取一次现在的位置”。"), field="lng")
    return actions.arrive(summons=summons, by=by, point=data["point"], note=data["note"] or "")


BE_THERE = Ask("be_there_at", "moment", _("几点到场"))
BODIES = Ask("bodies", "bodies", _("请哪些单位来"), choices=callable_bodies)
CALL = (
    Ask("kind", "choice", _("哪一种"), choices=lambda _matter, _actor: Kind.choices),
    Ask("matter", "text", _("请他们来办什么"), help=_("各单位只看到这里写的话，看不到是谁反映的。")),
    BODIES,
    BE_THERE,
    Ask("where", "line", _("在哪里集合"), required=False, help=_("不写就用诉求的地点。")),
)
BLOW: Final = Act(
    "blow", "", _("吹哨"), CALL, lambda case, by, d: actions.blow(case=case, by=by, **_called(d)), _("已吹哨，各单位会马上收到。")
)
ASK: Final = Act(
    "ask",
    "",
    _("请街道吹哨"),
    CALL,
    lambda case, by, d: actions.ask_street(case=case, by=by, **_called(d)),
    _("已请街道吹哨，结果会告诉您。"),
)
GROUND = Ask("ground", "text", _("依据"), help=_("权责清单或文件的哪一条。"))
LEAD_OF_TWO = _("街道班子成员")

_ROWS: Final = (
    Act("pass_on", "pass_on", _("街道吹哨"), (BODIES, BE_THERE, NOTE), _plain(actions.pass_on, "whistle"), _("已吹哨，各单位会马上收到。")),
    Act("decline", "decline", _("不吹哨"), (REASON,), _plain(actions.decline, "whistle"), _("已告诉社区原因。"), is_danger=True),
    Act(
        "diagnose",
        "diagnose",
        _("会诊"),
        (Ask("findings", "text", _("会诊结论")), Ask("lead", "body", _("牵头单位"), choices=bodies_taking_part)),
        _plain(actions.diagnose, "whistle"),
        _("会诊结论已记录，请分派任务。"),
    ),
    Act(
        "add_duty",
        "add_duty",
        _("分派任务"),
        (
            Ask("body", "body", _("哪个单位"), choices=bodies_taking_part),
            Ask("words", "text", _("做什么")),
            Ask("due", "moment", _("什么时候办好")),
        ),
        _plain(actions.add_duty, "whistle"),
        _("任务已分派，该单位会收到通知。"),
    ),
    Act(
        "call_more",
        "call_more",
        _("再叫单位"),
        (BODIES, BE_THERE, REASON),
        _plain(actions.call_more, "whistle"),
        _("已补叫。"),
    ),
    Act(
        "name_leads",
        "name_leads",
        _("设双指挥长"),
        (
            Ask("street", "choice", LEAD_OF_TWO, choices=officials("approver")),
            Ask("community", "choice", _("社区书记"), choices=officials("secretary")),
        ),
        lambda w, by, d: actions.name_leads(whistle=w, by=by, street=_user(d["street"]), community=_user(d["community"])),
        _("双指挥长已定，会通知两位。"),
    ),
    Act(
        "send_down",
        "send_down",
        _("派下沉干部"),
        (Ask("user", "choice", _("下沉干部"), choices=officials("sent_down")), Ask("task", "line", _("承担什么"))),
        lambda w, by, d: actions.send_down(whistle=w, by=by, user=_user(d["user"]), task=d["task"]),
        _("已通知这位同志。"),
    ),
    Act(
        "decide",
        "decide",
        _("上级决定"),
        (Ask("decision", "text", _("决定")),),
        _plain(actions.decide, "whistle"),
        _("决定已送回，继续办理。"),
    ),
    Act("raise_up", "raise_up", _("提请上级"), (REASON,), _plain(actions.raise_up, "whistle"), _("已连同全部记录提请上级。")),
    Act("raise_again", "raise_again", _("再提上一级"), (REASON,), _plain(actions.raise_again, "whistle"), _("已再提上一级。")),
    Act("end", "end", _("解除吹哨"), (Ask("outcome", "text", _("结果")),), _plain(actions.end, "whistle"), _("已解除，请双方评价。")),
    Act(
        "rate",
        "rate",
        _("评价"),
        (
            Ask("about", "body", _("评价谁"), choices=to_rate),
            Ask("stars", "stars", _("配合得怎样")),
            Ask("words", "text", _("说明"), required=False),
        ),
        _plain(actions.rate, "whistle"),
        _("谢谢您的评价。"),
    ),
    Act("withdraw", "withdraw", _("撤回"), (REASON,), _plain(actions.withdraw, "whistle"), _("已撤回，各单位会收到通知。"), is_danger=True),
)
_COMING: Final = (
    Act("answer", "answer", _("响应"), (NOTE,), _plain(actions.answer, "summons"), _("已响应，请按时到场。")),
    Act(
        "arrive",
        "arrive",
        _("到场报到"),
        (Ask("point", "point", _("现在的位置")), NOTE),
        _arrive,
        _("已报到。"),
    ),
    Act(
        "dispute",
        "dispute",
        _("不归本单位"),
        (REASON, GROUND),
        _plain(actions.dispute, "summons"),
        _("已提请裁定，裁定前仍记在本单位。"),
        is_danger=True,
    ),
    Act(
        "replace",
        "replace",
        _("请别的单位替代"),
        (Ask("body", "body", _("哪个单位来"), choices=callable_bodies), REASON),
        _plain(actions.replace, "summons"),
        _("已转请该单位到场。"),
    ),
    Act("rule_theirs", "rule_theirs", _("裁定归其管"), (GROUND, BE_THERE), _rule(is_theirs=True), _("裁定已送达。")),
    Act("rule_not", "rule_not", _("裁定不归其管"), (GROUND,), _rule(is_theirs=False), _("裁定已送达。")),
)
_TASKS: Final = (
    Act(
        "report_duty",
        "report_duty",
        _("反馈任务"),
        (Ask("result", "text", _("办得怎样")), PHOTOS),
        _plain(actions.report_duty, "duty"),
        _("已反馈，等吹哨单位确认。"),
    ),
    Act("accept_duty", "accept_duty", _("确认办好"), (NOTE,), _plain(actions.accept_duty, "duty"), _("已确认。")),
    Act("reject_duty", "reject_duty", _("退回重办"), (REASON,), _plain(actions.reject_duty, "duty"), _("已退回。"), is_danger=True),
    Act(
        "move_duty",
        "move_duty",
        _("改任务时限"),
        (Ask("due", "moment", _("改到什么时候")), REASON),
        _plain(actions.move_duty, "duty"),
        _("时限已改，该单位会收到通知。"),
    ),
    Act("drop_duty", "drop_duty", _("取消任务"), (REASON,), _plain(actions.drop_duty, "duty"), _("任务已取消。"), is_danger=True),
)
ACTS: Final = {act.name: act for act in _ROWS}
COMING_ACTS: Final = {act.name: act for act in _COMING}
TASK_ACTS: Final = {act.name: act for act in _TASKS}


def _allowed(acts: Iterable[Act], table: Any, state: str, held: Iterable[str], whole: set[str]) -> list[Act]:
    names = {move.name for move in table.moves_from(state, held)} & whole
    return [act for act in acts if act.move in names]


def acts_on(whistle: Whistle, by: Actor) -> list[Act]:
    """What this person may do with the whistle now."""
    held = rules.duties(by, whistle)
    names = {move.name for move in WHISTLES.moves_from(whistle.state, held)}
    if "rate" in names and not to_rate(whistle, by):
        names.remove("rate")
    return [act for act in _ROWS if act.move in names]


def acts_on_coming(summons: Summons, whistle: Whistle, by: Actor) -> list[Act]:
    """What this person may do for one called department now."""
    held = {duty for duty in rules.duties(by, whistle) if duty != Duty.CALLED}
    if any(post.body_id == summons.body_id and post.role in rules.SPEAKS for post in by.held) and summons.state != Coming.OVER:
        held.add(Duty.CALLED)
    whole = {move.name for move in WHISTLES.moves_from(whistle.state, held)}
    return _allowed(_COMING, COMINGS, summons.state, held, whole)


def acts_on_duty(duty: DutyRow, whistle: Whistle, by: Actor) -> list[Act]:
    """What this person may do with one duty now."""
    held = {one for one in rules.duties(by, whistle) if one != Duty.CALLED}
    if any(post.body_id == duty.body_id and post.role in rules.SPEAKS for post in by.held):
        held.add(Duty.CALLED)
    whole = {move.name for move in WHISTLES.moves_from(whistle.state, held)}
    return _allowed(_TASKS, TASKS, duty.state, held, whole)
