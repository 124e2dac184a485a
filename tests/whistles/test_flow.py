"""A whistle from the call to the ratings, with a department that is late and one that says "not ours"."""

from __future__ import annotations

import datetime as dt

import pytest

from gongzhi.cases.models import Case
from gongzhi.community.models import Body
from gongzhi.kernel import clock
from gongzhi.kernel.errors import Conflict, DomainError, NotAllowed
from gongzhi.kernel.models import Notice
from gongzhi.whistles import actions
from gongzhi.whistles.models import Deadline, Rating, Summons, Whistle
from gongzhi.whistles.tasks import ring_whistles
from gongzhi.whistles.workflow import Coming, State
from tests.cast import IN_GRID, Town

pytestmark = pytest.mark.django_db


def blown(town: Town, *names: str, minutes: int = 60, kind: str = "joint") -> Whistle:
    case = town.drive(town.case(), "in_hand")
    return actions.blow(
        case=case, by=town.actor("dispatcher"), kind=kind, matter="夜市占道，请一起来", where="幸福小区东门",
        bodies=[town.bodies[name] for name in names or ("roads", "water")],
        be_there_at=clock.now() + dt.timedelta(minutes=minutes),
    )  # fmt: skip


def summons(whistle: Whistle, body: Body) -> Summons:
    return Summons.objects.select_related("whistle__case").get(whistle=whistle, body=body)


def at(minutes: float) -> object:
    return clock.at(clock.now() + dt.timedelta(minutes=minutes))


def finish(town: Town, case: Case) -> None:
    from gongzhi.cases import actions as cases

    cases.report_done(case=town.fresh(case), by=town.actor("handler"), outcome="solved", note="办好了")


def test_from_the_call_to_the_ratings(town: Town) -> None:
    whistle = blown(town, "roads", "water", "lighting")
    roads, water, lighting = (summons(whistle, town.bodies[name]) for name in ("roads", "water", "lighting"))
    handler = {"roads": town.actor("handler_2"), "water": town.actor("water_handler"), "lighting": town.actor("handler")}
    actions.answer(summons=roads, by=handler["roads"], note="马上到")
    with at(45):  # the answer was owed within 30 minutes
        ring_whistles()
        actions.answer(summons=summons(whistle, town.bodies["lighting"]), by=handler["lighting"])
        actions.dispute(
            summons=summons(whistle, town.bodies["water"]), by=handler["water"], reason="排水不归我们", ground="权责清单第 12 项"
        )
        late = Deadline.objects.get(summons=lighting, kind=Deadline.Kind.ANSWER)
        assert late.is_late
        assert whistle.steps.filter(verb="climb").exists()
        with pytest.raises(Conflict, match="异议没有裁定"):
            actions.end(whistle=_fresh(whistle), by=town.actor("dispatcher"), outcome="完")
    with at(50):
        actions.rule(
            summons=summons(whistle, town.bodies["water"]), by=town.actor("adjudicator"), is_theirs=True, ground="清单第 12 项第 2 款",
            be_there_at=clock.now() + dt.timedelta(minutes=20),
        )  # fmt: skip
        actions.arrive(summons=summons(whistle, town.bodies["roads"]), by=handler["roads"], point=IN_GRID)
    with at(80):
        for name in ("water", "lighting"):
            actions.arrive(summons=summons(whistle, town.bodies[name]), by=handler[name], point=IN_GRID, note="到了")
        assert Deadline.objects.get(summons=lighting, kind="arrive").is_late
        arrivals = Deadline.objects.filter(summons=water, kind="arrive", done_at__isnull=False)
        assert [one.is_late for one in arrivals] == [True]
        caller = town.actor("dispatcher")
        actions.diagnose(whistle=_fresh(whistle), by=caller, findings="占道与排水一起整治", lead=town.bodies["roads"])
        tomorrow = clock.now() + dt.timedelta(days=1)
        actions.add_duty(whistle=_fresh(whistle), by=caller, body=town.bodies["roads"], words="清理占道", due=tomorrow)
        duty = whistle.duties.get()
    with at(80 + 3 * 1440):
        ring_whistles()
        duty.refresh_from_db()
        assert duty.is_late
        with pytest.raises(Conflict, match="事不完人不撤"):
            actions.end(whistle=_fresh(whistle), by=caller, outcome="完")
        actions.report_duty(duty=_fresh(whistle).duties.get(), by=handler["roads"], result="清完了")
        actions.accept_duty(duty=_fresh(whistle).duties.get(), by=caller)
        with pytest.raises(Conflict, match="事不完人不撤"):
            actions.end(whistle=_fresh(whistle), by=caller, outcome="完")
        finish(town, whistle.case)
        actions.end(whistle=_fresh(whistle), by=caller, outcome="夜市搬进了市场")
        ended = _fresh(whistle)
        assert (ended.state, ended.is_open) == (State.ENDED, False)
        assert not Deadline.objects.filter(whistle=whistle, next_alarm__isnull=False).exists()
        assert not ended.summons.exclude(state=Coming.OVER).exists()
        for name in ("roads", "water", "lighting"):
            actions.rate(whistle=_fresh(whistle), by=caller, about=town.bodies[name], stars=5)
            actions.rate(whistle=_fresh(whistle), by=handler[name], about=town.bodies["street"], stars=4)
        assert Rating.objects.filter(whistle=whistle).count() == 6
        with pytest.raises(Conflict, match="每方评一次"):
            actions.rate(whistle=_fresh(whistle), by=caller, about=town.bodies["roads"], stars=1, words="再评")
    told = set(Notice.objects.filter(kind__startswith="whistle.").values_list("kind", flat=True))
    assert {"whistle.called", "whistle.late", "whistle.disputed", "whistle.ruled", "whistle.duty", "whistle.ended"} <= told


def _fresh(whistle: Whistle) -> Whistle:
    return Whistle.objects.select_related("case", "caller").get(pk=whistle.pk)


def test_a_community_asks_its_street(town: Town) -> None:
    case = town.drive(town.case(), "in_hand")
    when = clock.now() + dt.timedelta(hours=2)
    asked = actions.ask_street(
        case=case, by=town.actor("secretary"), kind="alone", matter="请来看看", bodies=[town.bodies["roads"]], be_there_at=when
    )
    assert (asked.state, asked.caller, asked.wanted) == (State.ASKED, town.bodies["street"], [town.bodies["roads"].pk])
    assert not asked.summons.exists()
    with pytest.raises(NotAllowed):
        actions.pass_on(whistle=_fresh(asked), by=town.actor("secretary"), bodies=[town.bodies["roads"]], be_there_at=when)
    actions.pass_on(whistle=_fresh(asked), by=town.actor("dispatcher"), bodies=[town.bodies["roads"]], be_there_at=when)
    assert asked.summons.get().body == town.bodies["roads"]
    assert not Deadline.objects.filter(whistle=asked, summons=None, next_alarm__isnull=False).exists()


def test_a_street_that_does_not_decide_is_climbed_over(town: Town) -> None:
    case = town.drive(town.case(), "in_hand")
    when = clock.now() + dt.timedelta(hours=2)
    asked = actions.ask_street(
        case=case, by=town.actor("secretary"), kind="alone", matter="请来", bodies=[town.bodies["roads"]], be_there_at=when
    )
    with at(40):
        ring_whistles()
    assert asked.steps.get(verb="climb").data == {"kind": "answer", "rung": 0}
    assert not Deadline.objects.filter(whistle=asked, next_alarm__lte=clock.now() + dt.timedelta(minutes=40)).exists()


def test_the_street_says_why_it_does_not_call(town: Town) -> None:
    case = town.drive(town.case(), "in_hand")
    when = clock.now() + dt.timedelta(hours=2)
    asked = actions.ask_street(
        case=case, by=town.actor("secretary"), kind="alone", matter="请来", bodies=[town.bodies["roads"]], be_there_at=when
    )
    with pytest.raises(DomainError, match="原因"):
        actions.decline(whistle=_fresh(asked), by=town.actor("dispatcher"), reason=" ")
    actions.decline(whistle=_fresh(asked), by=town.actor("dispatcher"), reason="路灯所已经在路上")
    assert _fresh(asked).state == State.DECLINED


def test_up_a_level_and_back(town: Town) -> None:
    whistle = blown(town)
    actions.raise_up(whistle=_fresh(whistle), by=town.actor("dispatcher"), reason="两家都没有钱")
    raised = _fresh(whistle)
    assert (raised.state, raised.level) == (State.RAISED, "district")
    with pytest.raises(NotAllowed):
        actions.decide(whistle=_fresh(whistle), by=town.actor("dispatcher"), decision="我说了算")
    with pytest.raises(Conflict, match="最高一级"):
        actions.raise_again(whistle=_fresh(whistle), by=town.actor("leader"), reason="再高一级")
    actions.decide(whistle=_fresh(whistle), by=town.actor("leader"), decision="区里出钱，城管牵头")
    assert _fresh(whistle).state == State.SPLIT
    assert not Deadline.objects.filter(whistle=whistle, kind="decision", next_alarm__isnull=False).exists()


def test_a_substitute_comes_with_its_reason(town: Town) -> None:
    whistle = blown(town, "roads")
    first = summons(whistle, town.bodies["roads"])
    with pytest.raises(DomainError, match="已经在这次吹哨里"):
        actions.replace(summons=first, by=town.actor("handler_2"), body=town.bodies["roads"], reason="自己")
    actions.replace(summons=first, by=town.actor("handler_2"), body=town.bodies["water"], reason="今天都在抢险")
    second = summons(whistle, town.bodies["water"])
    assert (second.state, second.replaces) == (Coming.CALLED, first)
    assert summons(whistle, town.bodies["roads"]).state == Coming.REPLACED
    owed = Deadline.objects.filter(whistle=whistle, next_alarm__isnull=False)
    assert {one.summons_id for one in owed} == {second.pk}


def test_far_away_is_no_arrival_without_a_word(town: Town) -> None:
    whistle = blown(town, "roads")
    with pytest.raises(DomainError, match="离现场有"):
        actions.arrive(summons=summons(whistle, town.bodies["roads"]), by=town.actor("handler_2"), point=(103.5, 25.5))
    actions.arrive(summons=summons(whistle, town.bodies["roads"]), by=town.actor("handler_2"), point=(103.5, 25.5), note="现场在城东")
    came = summons(whistle, town.bodies["roads"])
    assert came.away_m is not None
    assert came.away_m > 10_000


def test_no_answer_climbs_to_the_district(town: Town) -> None:
    whistle = blown(town, "roads", minutes=20)
    for minutes in (16, 21, 21 + 1440, 21 + 2 * 1440):
        with at(minutes):
            ring_whistles()
            ring_whistles()
    rungs = [step.data["rung"] for step in whistle.steps.filter(verb="climb", data__kind="answer").order_by("seq")]
    assert rungs == [0, 1, 2]
    leader = Notice.objects.filter(kind="whistle.late", recipient=town.users["leader"])
    assert leader.exists()


def test_one_whistle_at_a_time(town: Town) -> None:
    whistle = blown(town)
    with pytest.raises(Conflict, match="已经在吹哨"):
        actions.blow(
            case=town.fresh(whistle.case), by=town.actor("dispatcher"), kind="joint", matter="再来", bodies=[town.bodies["roads"]],
            be_there_at=clock.now() + dt.timedelta(hours=1),
        )  # fmt: skip
    with pytest.raises(DomainError, match="要晚于现在"):
        actions.call_more(
            whistle=_fresh(whistle),
            by=town.actor("dispatcher"),
            bodies=[town.bodies["property"]],
            be_there_at=clock.now(),
            reason="还要物业",
        )
