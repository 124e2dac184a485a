"""The whole life of a case by the real acts, and what each of its people sees."""

from __future__ import annotations

import datetime as dt

import pytest

from gongzhi.cases import actions, queries
from gongzhi.cases.actions.alarming import ring_due
from gongzhi.cases.actions.figures import fold_figures, recount
from gongzhi.cases.models import Case, OpenFigure, Reporter, Step
from gongzhi.kernel import clock
from gongzhi.kernel.errors import Conflict, DomainError, KeyReused, Missing, NotAllowed
from tests.cast import IN_OTHER, OUTSIDE, Town


def test_a_case_runs_from_report_to_rating_and_again(town: Town) -> None:
    case = town.drive(town.case(), "reopened")
    assert [step.verb for step in queries.list_steps(case, public_only=False)] == [
        "register",
        "accept",
        "dispatch",
        "take",
        "report_done",
        "pass_check",
        "close",
        "rate",
        "reopen",
    ]
    assert case.is_open
    assert case.resolved_at is None
    assert case.reopened_times == 1


def test_it_is_placed_promised_and_sent_by_a_named_rule(town: Town) -> None:
    case = town.drive(town.case(), "dispatched")
    assert case.grid_id == town.places["530302001001001"].pk
    assert case.street_id == town.places["530302001"].pk
    assert case.resolve_due == case.registered_at + dt.timedelta(days=7)
    assert (case.body, case.sent_because) == (town.bodies["lighting"], "路灯归路灯管理所")


def test_a_point_outside_is_registered_and_not_located(town: Town) -> None:
    case = town.case(point=OUTSIDE)
    assert not case.is_located
    assert case.lng == OUTSIDE[0]


def test_one_key_makes_one_case(town: Town) -> None:
    by = town.actor("resident")
    first = actions.open_case(report=town.report(), by=by, key="k", scope="resident")
    again = actions.open_case(report=town.report(), by=by, key="k", scope="resident")
    assert again.was_known
    assert again.case.pk == first.case.pk
    assert Case.objects.count() == 1
    with pytest.raises(KeyReused):
        actions.open_case(report=town.report("另一件事"), by=by, key="k", scope="resident")


def test_an_anonymous_reporter_is_known_only_by_the_claim_code(town: Town) -> None:
    opened = actions.open_case(report=town.report(is_anonymous=True), by=town.actor("resident"))
    assert opened.claim_code
    row = Reporter.objects.get(case=opened.case)
    assert (row.user_id, row.name, row.phone) == (None, "", "")
    assert queries.claimed_case(opened.claim_code.lower()) == opened.case
    assert Step.objects.get(case=opened.case).by_id is None


def test_a_foreign_street_sees_nothing(town: Town) -> None:
    case = town.case()
    for name in ("other_dispatcher", "other_grid_worker", "neighbour", "handler", "operator"):
        with pytest.raises(Missing):
            queries.get_case(town.actor(name), case.code)
    for name in ("resident", "dispatcher", "grid_worker", "secretary", "supervisor"):
        assert queries.get_case(town.actor(name), case.code) == case


def test_inbox_holds_what_the_posts_reach(town: Town) -> None:
    near, far = town.case(), town.case(point=IN_OTHER)
    rows = {
        name: {row.pk for row in queries.list_cases(town.actor(name), queries.Filters()).rows}
        for name in ("dispatcher", "other_dispatcher", "supervisor", "handler")
    }
    assert rows == {"dispatcher": {near.pk}, "other_dispatcher": {far.pk}, "supervisor": {near.pk, far.pk}, "handler": set()}


def test_a_helper_body_sees_the_case_and_loses_it_again(town: Town) -> None:
    case = town.drive(town.case(), "dispatched")
    actions.add_helper(case=case, by=town.actor("dispatcher"), body=town.bodies["roads"])
    assert [row.pk for row in queries.list_cases(town.actor("handler_2"), queries.Filters()).rows] == [case.pk]
    actions.drop_helper(case=town.fresh(case), by=town.actor("handler_2"), body=town.bodies["roads"], reason="已帮完")
    assert not queries.list_cases(town.actor("handler_2"), queries.Filters()).rows


def test_pages_by_key_reach_every_row_once(town: Town) -> None:
    wanted = {town.case(description=f"第{n}盏路灯").pk for n in range(7)}
    seen: list[int] = []
    after = ""
    while True:
        page = queries.list_cases(town.actor("dispatcher"), queries.Filters(), after=after, size=3)
        seen += [row.pk for row in page.rows]
        if page.next_key is None:
            break
        after = page.next_key
    assert sorted(seen) == sorted(wanted)


def test_who_did_it_cannot_check_it(town: Town) -> None:
    case = town.drive(town.case(), "reported")
    with pytest.raises(NotAllowed):
        actions.pass_check(case=case, by=town.actor("handler"))


def test_the_second_of_two_people_loses(town: Town) -> None:
    case = town.case()
    stale = town.fresh(case)
    actions.accept(case=case, by=town.actor("dispatcher"))
    with pytest.raises(Conflict):
        actions.accept(case=stale, by=town.actor("clerk"))
    assert Step.objects.filter(case=case, verb="accept").count() == 1


def test_a_suspension_is_capped_and_gives_the_time_back(town: Town) -> None:
    case = town.drive(town.case(), "in_hand")
    due = case.resolve_due
    with pytest.raises(DomainError):
        actions.ask_for(case=case, by=town.actor("handler"), kind="suspend", reason="等", until=clock.today() + dt.timedelta(days=31))
    actions.ask_for(case=case, by=town.actor("handler"), kind="suspend", reason="等材料", until=clock.today() + dt.timedelta(days=3))
    with pytest.raises(NotAllowed):
        actions.decide(case=town.fresh(case), by=town.actor("handler"), granted=True)
    actions.decide(case=town.fresh(case), by=town.actor("approver"), granted=True)
    asleep = town.fresh(case)
    assert asleep.state == "suspended"
    with clock.at(clock.start_of(clock.today() + dt.timedelta(days=3)) + dt.timedelta(minutes=1)):
        assert ring_due() == 1
        awake = town.fresh(case)
        assert awake.state == "in_hand"
        assert awake.resolve_due is not None
        assert due is not None
        assert asleep.paused_at is not None
        assert abs((awake.resolve_due - due) - (clock.now() - asleep.paused_at)) < dt.timedelta(seconds=1)


def test_lateness_climbs_one_rung_a_day(town: Town) -> None:
    case = town.drive(town.case(), "in_hand")
    assert case.resolve_due is not None
    seen = []
    for days in (0, 1, 2):
        with clock.at(case.resolve_due + dt.timedelta(days=days, seconds=1)):
            ring_due()
            seen.append(town.fresh(case).alarm_level)
    assert seen == ["community", "street", "district"]
    assert town.fresh(case).is_late


def test_done_for_now_is_taken_up_again_on_its_day(town: Town) -> None:
    case = town.drive(town.case(), "in_hand")
    day = clock.today() + dt.timedelta(days=10)
    actions.report_done(case=case, by=town.actor("handler"), outcome="for_now", note="先用临时灯", look_again_on=day)
    actions.pass_check(case=town.fresh(case), by=town.actor("checker"))
    actions.close_case(case=town.fresh(case), by=town.actor("checker"))
    with clock.at(clock.start_of(day) + dt.timedelta(hours=1)):
        ring_due()
    assert town.fresh(case).state == "reopened"


def test_merged_reporters_are_told(town: Town) -> None:
    main, twin = town.case(), town.case(by="neighbour")
    actions.merge(case=twin, into=main, by=town.actor("dispatcher"), reason="同一盏灯")
    assert Reporter.objects.filter(case=main, user=town.users["neighbour"], relation="merged").exists()
    assert queries.get_case(town.actor("neighbour"), main.code) == main


def test_reveal_needs_a_purpose_and_leaves_a_look(town: Town) -> None:
    case = town.case(contact=actions.intake.Contact("张三", "13800000000"))
    reporter = Reporter.objects.get(case=case)
    with pytest.raises(DomainError):
        actions.reveal_reporter(case=case, reporter_id=reporter.pk, by=town.actor("dispatcher"), purpose="")
    with pytest.raises(NotAllowed):
        actions.reveal_reporter(case=case, reporter_id=reporter.pk, by=town.actor("handler"), purpose="想问问情况")
    shown = actions.reveal_reporter(case=case, reporter_id=reporter.pk, by=town.actor("dispatcher"), purpose="核实地点")
    assert (shown.name, shown.phone) == ("张三", "13800000000")
    assert [look.purpose for look in queries.list_looks(town.actor("resident"), case)] == ["核实地点"]


def test_kept_figures_equal_a_recount(town: Town) -> None:
    town.drive(town.case(), "rated")
    town.case(point=IN_OTHER)
    fold_figures()
    town.drive(town.case(), "in_hand")
    fold_figures()
    fold_figures()
    assert dict(OpenFigure.objects.exclude(count=0).values_list("key", "count")) == recount()


def test_what_is_not_located_is_seen_by_the_district_alone(town: Town) -> None:
    case = town.case(point=OUTSIDE)
    assert [row.pk for row in queries.list_cases(town.actor("supervisor"), queries.Filters(not_located=True)).rows] == [case.pk]
    for name in ("dispatcher", "other_dispatcher", "grid_worker", "handler"):
        with pytest.raises(Missing):
            queries.get_case(town.actor(name), case.code)


def test_repeats_by_the_same_person_are_linked(town: Town) -> None:
    first = town.case()
    assert town.case().repeat_of_id == first.pk
    assert town.case(by="neighbour").repeat_of_id is None
    assert town.case(category="pothole").repeat_of_id is None
    assert town.case(is_anonymous=True).repeat_of_id is None
    with clock.at(clock.now() + dt.timedelta(days=100)):
        assert town.case().repeat_of_id is None
    called = {"by": "clerk", "on_behalf": True, "contact": actions.intake.Contact("张三", "13800000000")}
    by_phone = town.case(**called)
    assert by_phone.repeat_of_id is None
    assert town.case(**called).repeat_of_id == by_phone.pk
