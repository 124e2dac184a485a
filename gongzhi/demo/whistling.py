"""Whistles of the demonstration: asked for, out, shared out, raised, and one that ended with ratings on both sides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from gongzhi.accounts.models import User
from gongzhi.cases import actions as cases
from gongzhi.community.actors import Actor
from gongzhi.community.directory import bodies
from gongzhi.community.models import Body
from gongzhi.demo.history import Stop, Tale, bell
from gongzhi.demo.stories import in_hand
from gongzhi.kernel import clock
from gongzhi.whistles import actions
from gongzhi.whistles.models import Summons, Whistle

CALLED = ("UM", "SS", "WC")
"""Whom the whistles of the cast call, by the last part of the body's code."""
MATTER = "占道和乱堆反复发生，一家解决不了。请各单位派人到现场，一起看、一起定、一起办。"


def asked(tale: Tale) -> None:
    """A community asks its street."""
    in_hand(tale)
    tale.later(0.1, 0.4)
    with clock.at(tale.at):
        made = actions.ask_street(by=_who(tale.town.over("secretary", tale.case)), **_call(tale, 4))
    _listen(tale, made)


def called(tale: Tale) -> None:
    """The whistle is out: one has answered, one says that it is not his, one is silent."""
    _blow(tale)
    first, second, _third = _summons(tale)
    tale.later(0.05, 0.2)
    _speak(tale, first, actions.answer, note="已派人，半小时内到。")
    _speak(tale, second, actions.dispute, reason="这里是物业管理区域，清运由物业负责", ground="权责清单 2025 年版第 18 项")


def split(tale: Tale) -> None:
    """All came, looked together and shared out the work; one duty is reported."""
    _come(tale)
    tale.later(0.2, 0.5)
    _diagnose(tale)
    tale.later(1, 3)
    duty = _whistle(tale).duties.all()[0]
    _as(tale, tale.town.of_body(duty.body_id), actions.report_duty, duty=duty, result="占道摊点已全部清走，地面冲洗过。")


def raised(tale: Tale) -> None:
    """What they cannot solve goes up."""
    _come(tale)
    tale.later(0.2, 1)
    _street(tale, actions.raise_up, reason="搬走的费用没有出处，需要区里定一个办法。")


def ended(tale: Tale) -> None:
    """From the call to the ratings."""
    split(tale)
    tale.later(1, 3)
    for duty in _whistle(tale).duties.all():
        if duty.state == "owed":
            _as(tale, tale.town.of_body(duty.body_id), actions.report_duty, duty=duty, result="管道疏通完毕，井盖已更换。")
    tale.later(0.5, 2)
    for duty in _whistle(tale).duties.filter(state="reported"):
        _as(tale, tale.town.over("dispatcher", tale.case), actions.accept_duty, duty=duty)
    tale.later(1, 3)
    tale.act(cases.report_done, "handler", outcome="solved", note="几家单位一起清理疏通，并约定每周巡查一次。")
    tale.later(0.2, 1)
    _street(tale, actions.end, outcome="清运、疏通、巡查都已落实，两周内没有反弹。")
    tale.later(0.5, 4)
    for stars, summons in zip((5, 4, 3), _summons(tale), strict=False):
        _street(tale, actions.rate, about=summons.body, stars=stars, words="到得早、办得实" if stars == 5 else "")
        _speak_for(tale, summons.body, actions.rate, about=_whistle(tale).caller, stars=4, words="事情说得清楚，来了就能干")


STORIES: dict[str, Callable[[Tale], None]] = {
    "whistle_asked": asked, "whistle_called": called, "whistle_split": split, "whistle_raised": raised, "whistle_ended": ended,
}  # fmt: skip


def _blow(tale: Tale) -> None:
    in_hand(tale)
    tale.later(0.1, 0.4)
    with clock.at(tale.at):
        made = actions.blow(by=_who(tale.town.over("dispatcher", tale.case)), **_call(tale, 2))
    _listen(tale, made)


def _call(tale: Tale, hours: float) -> dict[str, Any]:
    """What a call says; who leads the case is not called to it."""
    others = [body for body in _departments(tale) if body.pk != tale.case.body_id]
    return {
        "case": tale.case, "kind": "joint", "matter": MATTER, "where": f"{tale.case.address}门口", "bodies": others,
        "be_there_at": tale.at + dt.timedelta(hours=hours),
    }  # fmt: skip


def _departments(tale: Tale) -> list[Body]:
    known = {row.code.rpartition("-")[2]: row for row in bodies().values() if row.place_id == tale.case.district_id}
    return [known[suffix] for suffix in (*CALLED, "LS") if known[suffix].pk != tale.case.body_id][:3]


def _come(tale: Tale) -> None:
    """Two in time, the third late."""
    _blow(tale)
    first, second, third = _summons(tale)
    tale.later(0.1, 0.3)
    _speak(tale, first, actions.answer, note="马上出发。")
    _speak(tale, second, actions.answer, note="收到。")
    tale.later(0.3, 0.8)
    for summons in (first, second):
        _speak(tale, summons, actions.arrive, point=_near(tale))
    tale.later(1.5, 2.5)
    _speak(tale, third, actions.arrive, point=_near(tale), note="路上堵车，来晚了。")


def _diagnose(tale: Tale) -> None:
    first, second, _third = _summons(tale)
    two = {name: _user(tale.town.over(role, tale.case)) for name, role in (("street", "approver"), ("community", "secretary"))}
    _street(tale, actions.name_leads, **two)
    if sent := tale.town.over("sent_down", tale.case):
        _street(tale, actions.send_down, user=_user(sent), task="每天早晚各到现场看一次，发现反弹马上报")
    _street(tale, actions.diagnose, findings="垃圾堵了雨水口，占道又挡住清运车：先清占道，再疏通，最后定巡查。", lead=first.body)
    for summons, words in ((first, "清走占道摊点，冲洗路面"), (second, "疏通雨水口，更换破损井盖")):
        _street(tale, actions.add_duty, body=summons.body, words=words, due=tale.at + dt.timedelta(days=2))


def _near(tale: Tale) -> tuple[float, float]:
    return (tale.case.lng or 0) + tale.rng.uniform(-3e-4, 3e-4), (tale.case.lat or 0) + tale.rng.uniform(-3e-4, 3e-4)


def _whistle(tale: Tale) -> Whistle:
    return Whistle.objects.select_related("case", "caller").get(case=tale.case)


def _summons(tale: Tale) -> list[Summons]:
    rows = Summons.objects.filter(whistle__case=tale.case).select_related("whistle__case", "whistle__caller", "body")
    return list(rows.order_by("id"))


def _speak(tale: Tale, summons: Summons, do: Callable[..., Any], **values: Any) -> None:
    fresh = Summons.objects.select_related("whistle__case", "whistle__caller").get(pk=summons.pk)
    _as(tale, tale.town.of_body(summons.body_id), do, summons=fresh, **values)


def _speak_for(tale: Tale, body: Body, do: Callable[..., Any], **values: Any) -> None:
    _as(tale, tale.town.of_body(body.pk), do, whistle=_whistle(tale), **values)


def _street(tale: Tale, do: Callable[..., Any], **values: Any) -> None:
    _as(tale, tale.town.over("dispatcher", tale.case), do, whistle=_whistle(tale), **values)


def _as(tale: Tale, by: Actor | None, do: Callable[..., Any], **values: Any) -> None:
    with clock.at(tale.at):
        do(by=_who(by), **values)


def _user(found: Actor | None) -> User:
    return User.objects.get(pk=_who(found).user_id or 0)


def _who(found: Actor | None) -> Actor:
    if found is None:
        raise Stop
    return found


def _listen(tale: Tale, whistle: Whistle) -> None:
    """From now on the clocks of the whistle ring in the tale."""
    tale.bells += [bell(whistle.deadlines.all(), actions.ring_deadline), bell(whistle.duties.all(), actions.ring_duty)]
