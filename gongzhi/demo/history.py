"""Ninety days of living history: every case made and moved by the real actions, under a moved clock, in every state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

from gongzhi.cases import actions
from gongzhi.cases.actions.alarming import ring
from gongzhi.cases.actions.locating import Spot
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.dispatch_choice import choose
from gongzhi.cases.models import Case
from gongzhi.community.actors import Actor
from gongzhi.community.directory import bodies
from gongzhi.community.models import Building
from gongzhi.demo import texts
from gongzhi.demo.roster import Roster
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.workdays import load_calendar

HOUR = dt.timedelta(hours=1)

SCENES: tuple[tuple[str, int], ...] = (
    ("rated", 70),
    ("closed", 26),
    ("answered", 12),
    ("settled", 24),
    ("refused", 4),
    ("referred", 5),
    ("for_now", 5),
    ("registered", 12),
    ("accepted", 8),
    ("dispatched", 10),
    ("in_hand", 22),
    ("reported", 6),
    ("checked", 3),
    ("returned", 4),
    ("disputed", 3),
    ("ruled", 3),
    ("handed_on", 4),
    ("extended", 4),
    ("asking", 3),
    ("suspended", 4),
    ("long_term", 3),
    ("void", 3),
    ("merged", 4),
    ("reopened", 5),
    ("reworked", 4),
    ("helped", 4),
    ("stuck", 8),
)
"""What becomes of a case, and how many of each the small demo tells."""
RECENT = {
    "registered": 0.1,
    "accepted": 0.3,
    "dispatched": 0.5,
    "returned": 2,
    "disputed": 3,
    "asking": 3,
    "in_hand": 4,
    "reported": 4,
    "checked": 5,
}
"""Days ago such a case may have begun at most, so that what is open is mostly not late."""


class Stop(Exception):
    """The next act would lie in the future: the case stays as it is."""


class Tale:
    """One case and its clock. Each act happens some working hours after the one before, alarms ring in between."""

    def __init__(self, town: Roster, rng: Random, start: dt.datetime, end: dt.datetime) -> None:
        self.town, self.rng, self.at, self.end = town, rng, start, end
        self.case: Case = Case()

    def later(self, least: float, most: float) -> None:
        """Let working hours pass and the alarms ring that come due."""
        self.at = load_calendar().add(self.at, self.rng.uniform(least, most), "working_hours")
        if self.at >= self.end:
            self.ring_until(self.end)
            raise Stop
        self.ring_until(self.at)

    def ring_until(self, moment: dt.datetime) -> None:
        while self.case.pk and self.case.next_due and self.case.next_due <= moment:
            with clock.at(self.case.next_due):
                before = self.case.version
                ring(case_id=self.case.pk)
                self.refresh()
            if self.case.version == before:
                break

    def refresh(self) -> None:
        self.case = Case.objects.get(pk=self.case.pk)

    def act(self, do: Callable[..., Any], role: str, **values: Any) -> None:
        """One act by the holder of a role over the case; `handler` is whoever handles it."""
        by = self.town.handler(self.case) if role == "handler" else self.town.over(role, self.case)
        if by is None:
            raise Stop
        self.do(do, by, **values)

    def do(self, do: Callable[..., Any], by: Actor, **values: Any) -> None:
        with clock.at(self.at):
            do(case=self.case, by=by, **values)
        self.refresh()


def tell(scene: str, town: Roster, rng: Random, building: Building, start: dt.datetime, end: dt.datetime) -> Case | None:
    """One case of a scene beginning at `start`; what would lie after `end` does not happen. None: nobody was there to act."""
    tale = Tale(town, rng, start, end)
    begin(tale, building, by_grid=scene == "settled" or (scene in ("rated", "closed") and rng.random() < 0.25))
    with suppress(Stop, DomainError):
        STORIES.get(scene, _closed)(tale)
    tale.ring_until(end)
    return tale.case


def begin(tale: Tale, building: Building, *, by_grid: bool) -> None:
    """Register the case as a resident, the desk or the grid worker would."""
    rng = tale.rng
    leaf = rng.choice(leaves())
    lng, lat = building.lng + rng.uniform(-3e-4, 3e-4), building.lat + rng.uniform(-3e-4, 3e-4)
    anonymous = not by_grid and rng.random() < 0.2
    channel = Case.Channel.GRID if by_grid else rng.choice(CHANNELS)
    report = actions.Report(
        description=texts.report(leaf.code, rng),
        channel=channel,
        category_code=leaf.code,
        spot=Spot(round(lng, 6), round(lat, 6), building.address),
        answers=answers(leaf.pk, rng),
        is_anonymous=anonymous,
        may_publish=leaf.is_public and rng.random() < 0.8,
        on_behalf=channel in (Case.Channel.PHONE, Case.Channel.COUNTER, Case.Channel.WECHAT_GROUP),
    )
    role = "grid_worker" if by_grid else "clerk" if report.on_behalf else ""
    by = (tale.town.at(role, building.place_id) if role else None) or tale.town.resident(rng)
    with clock.at(tale.at):
        tale.case = actions.open_case(report=report, by=by).case
    tale.refresh()


CHANNELS = (*[Case.Channel.RESIDENT] * 6, Case.Channel.PHONE, Case.Channel.PHONE, Case.Channel.COUNTER, Case.Channel.WECHAT_GROUP)


def leaves() -> list[Any]:
    """Categories that can be reported, consultations included."""
    return [leaf for leaf in catalogue().leaves() if texts.knows(leaf.code)]


def answers(category_id: int, rng: Random) -> dict[str, Any]:
    """Plausible answers to the required questions of a category."""
    found: dict[str, Any] = {}
    for question in catalogue().attributes_of(category_id):
        if question.required or rng.random() < 0.5:
            if question.datatype == "singlevaluelist":
                found[question.code] = rng.choice(question.values)["key"]
            elif question.datatype == "multivaluelist":
                found[question.code] = [rng.choice(question.values)["key"]]
            elif question.required:
                found[question.code] = {"number": "2", "datetime": "2026-01-05T09:00"}.get(question.datatype, "不清楚")
    return found


def _accepted(tale: Tale) -> None:
    tale.later(0.1, 1.5)
    tale.act(actions.accept, "dispatcher")
    if tale.case.may_publish and tale.rng.random() < 0.7:
        words = texts.public_words(catalogue().by_id[tale.case.category_id or 0].code, tale.rng)
        tale.act(actions.publish_words, "dispatcher", words=words, is_public=True)


def _dispatched(tale: Tale) -> None:
    _accepted(tale)
    tale.later(0.1, 1)
    tale.act(actions.dispatch, "dispatcher", **_to_body(tale))


def _to_body(tale: Tale) -> dict[str, Any]:
    if choose(tale.case) is not None:
        return {}
    offices = [row for row in bodies().values() if row.kind_id == "street_office" and row.place_id == tale.case.street_id]
    return {"body": offices[0], "reason": "由街道牵头协调"} if offices else {}


def _in_hand(tale: Tale) -> None:
    _dispatched(tale)
    tale.later(0.1, 2)
    tale.act(actions.take, "handler")
    if tale.rng.random() < 0.4:
        tale.later(1, 8)
        tale.act(actions.respond, "handler", note=texts.progress(tale.rng))


def _reported(tale: Tale) -> None:
    _in_hand(tale)
    tale.later(2, 26)
    outcome = tale.rng.choices(["solved", "explained"], [8, 2])[0]
    tale.act(
        actions.report_done,
        "handler",
        outcome=outcome,
        note=texts.done(catalogue().by_id[tale.case.category_id or 0].code, outcome, tale.rng),
    )


def _checked(tale: Tale) -> None:
    _reported(tale)
    tale.later(0.5, 8)
    tale.act(actions.pass_check, "checker")


def _closed(tale: Tale) -> None:
    _checked(tale)
    tale.later(0.1, 1)
    tale.act(actions.close_case, "checker")


def _rated(tale: Tale) -> None:
    _closed(tale)
    stars = tale.rng.choices([5, 4, 3, 2, 1], [40, 34, 14, 8, 4])[0]
    tale.later(1, 20)
    _as_reporter(tale, actions.rate, stars=stars, words=texts.rating(stars, tale.rng))


def _as_reporter(tale: Tale, do: Callable[..., Any], **values: Any) -> None:
    tale.do(do, Actor(claims=frozenset({tale.case.pk})), **values)


def _answered(tale: Tale) -> None:
    tale.later(0.1, 1.5)
    tale.act(actions.answer, "clerk", note=texts.answer(tale.rng))
    tale.later(1, 9)
    if tale.rng.random() < 0.5:
        _as_reporter(tale, actions.rate, stars=5, words="")


def _settled(tale: Tale) -> None:
    tale.later(0.1, 0.5)
    tale.act(actions.settle_on_spot, "grid_worker", note=texts.done(catalogue().by_id[tale.case.category_id or 0].code, "solved", tale.rng))


def _refused(tale: Tale) -> None:
    tale.later(0.2, 2)
    tale.act(actions.refuse, "clerk", note="您反映的地点和事项不归本平台办理，告知书里写明了应当找谁。", ground="not-ours")


def _referred(tale: Tale) -> None:
    tale.later(0.2, 2)
    tale.act(actions.refer, "clerk", note="这件事要走法定途径，告知书里写明了怎么走、找谁。", route=texts.route(tale.rng))


def _for_now(tale: Tale) -> None:
    _in_hand(tale)
    tale.later(3, 10)
    with clock.at(tale.at):
        day = clock.today() + dt.timedelta(days=tale.rng.randint(20, 60))
    tale.act(actions.report_done, "handler", outcome="for_now", note="先做了临时处理，不影响使用，材料到了再彻底修好。", look_again_on=day)
    tale.later(0.5, 4)
    tale.act(actions.pass_check, "checker")
    tale.act(actions.close_case, "checker")


def _returned(tale: Tale) -> None:
    _dispatched(tale)
    tale.later(0.2, 2)
    tale.act(actions.send_back, "handler", reason="现场看过，这处设施不归我单位管养，请核对权属。")


def _disputed(tale: Tale) -> None:
    _returned(tale)
    tale.later(0.2, 2)
    tale.act(actions.object_to_return, "dispatcher", reason="权责清单写明由你单位负责，附件第3条。")


def _ruled(tale: Tale) -> None:
    _disputed(tale)
    tale.later(1, 5)
    body = bodies()[tale.case.body_id or 0]
    tale.act(actions.rule_on_return, "adjudicator", body=body, ground="按现行权责清单，此项由原承办单位负责。")
    tale.later(0.2, 2)
    tale.act(actions.take, "handler")


def _handed_on(tale: Tale) -> None:
    _in_hand(tale)
    tale.later(0.5, 3)
    offices = [
        row
        for row in bodies().values()
        if row.kind_id == "street_office" and row.place_id == tale.case.street_id and row.pk != tale.case.body_id
    ]
    tale.act(actions.hand_on, "dispatcher", body=offices[0], reason="需要街道牵头，几家一起办")
    tale.later(0.5, 3)
    tale.act(actions.take, "handler")


def _ask(tale: Tale, kind: str, days: int, reason: str) -> None:
    _in_hand(tale)
    tale.later(0.5, 4)
    with clock.at(tale.at):
        due = tale.case.resolve_due
        start = max(clock.today(), due.date()) if kind == "extend" and due else clock.today()
        until = start + dt.timedelta(days=days)
    tale.act(actions.ask_for, "handler", kind=kind, reason=reason, until=until)


def _granted(kind: str, days: int, reason: str) -> Callable[[Tale], None]:
    def story(tale: Tale) -> None:
        _ask(tale, kind, days, reason)
        tale.later(0.2, 3)
        tale.act(actions.decide, "approver", granted=True, ruling="情况属实，同意。")

    return story


def _asking(tale: Tale) -> None:
    _ask(tale, "extend", 7, "配件正在采购，预计一周到货。")


def _void(tale: Tale) -> None:
    _accepted(tale)
    tale.later(0.2, 2)
    tale.act(actions.ask_for, "clerk", kind="void", reason="反映人来电说是看错了，不用办了。")
    tale.later(0.2, 2)
    tale.act(actions.decide, "approver", granted=True, ruling="同意作废。")


def _merged(tale: Tale) -> None:
    _accepted(tale)
    tale.later(0.2, 2)
    near = (
        Case.objects.filter(is_open=True, community_id=tale.case.community_id, registered_at__lt=tale.at)
        .exclude(pk=tale.case.pk)
        .order_by("-id")
        .first()
    )
    if near is None:
        raise Stop
    tale.act(actions.merge, "dispatcher", into=near, reason="同一处、同一件事")


def _reopened(tale: Tale) -> None:
    _closed(tale)
    tale.later(2, 20)
    _as_reporter(tale, actions.rate, stars=1, words="修了一天又坏了")
    tale.later(0.5, 2)
    _as_reporter(tale, actions.reopen, reason="修好第二天又坏了，请彻底修一下。")
    tale.later(0.5, 2)
    tale.act(actions.dispatch, "dispatcher", **_to_body(tale))


def _reworked(tale: Tale) -> None:
    _reported(tale)
    tale.later(0.5, 5)
    tale.act(actions.fail_check, "checker", reason="现场看还没有修好，请继续办。")
    tale.later(2, 9)
    tale.act(actions.report_done, "handler", outcome="solved", note="按核查意见重新处理，已修好。")
    tale.later(0.5, 5)
    tale.act(actions.pass_check, "checker")
    tale.act(actions.close_case, "checker")


def _helped(tale: Tale) -> None:
    _in_hand(tale)
    tale.later(0.5, 3)
    others = [
        row
        for row in bodies().values()
        if row.kind_id == "street_office" and row.place_id == tale.case.street_id and row.pk != tale.case.body_id
    ]
    if others:
        tale.act(actions.add_helper, "dispatcher", body=others[0], reason="要街道到场协调")


STORIES: dict[str, Callable[[Tale], None]] = {
    "rated": _rated,
    "closed": _closed,
    "answered": _answered,
    "settled": _settled,
    "refused": _refused,
    "referred": _referred,
    "for_now": _for_now,
    "registered": lambda tale: None,
    "accepted": _accepted,
    "dispatched": _dispatched,
    "in_hand": _in_hand,
    "reported": _reported,
    "checked": _checked,
    "returned": _returned,
    "disputed": _disputed,
    "ruled": _ruled,
    "handed_on": _handed_on,
    "extended": _granted("extend", 10, "需要停水施工，要和小区约时间。"),
    "asking": _asking,
    "suspended": _granted("suspend", 25, "等供货，暂时没法施工。"),
    "long_term": _granted("list_long_term", 120, "要列入明年改造计划，已报资金。"),
    "void": _void,
    "merged": _merged,
    "reopened": _reopened,
    "reworked": _reworked,
    "helped": _helped,
    "stuck": _in_hand,
}
