"""What is closed on the spot and drawn for a second look; what was put off and published; closing dates in the inbox."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from gongzhi.cases import actions
from gongzhi.cases.actions import checking
from gongzhi.cases.models import Cap, Case, SpotCheck, Step
from gongzhi.kernel import caches, clock
from gongzhi.kernel.errors import Conflict, NotAllowed
from tests.cast import Town

pytestmark = pytest.mark.django_db


def share(percent: int) -> None:
    Cap.objects.update_or_create(code="spot_check_percent", defaults={"name": "抽查", "value": percent})
    caches.touch("catalogue")


def settled(town: Town, **more: Any) -> Case:
    case = town.case("grid_worker", channel=Case.Channel.GRID, **more)
    actions.settle_on_spot(case=case, by=town.actor("grid_worker"), note="当场拧紧了")
    return town.fresh(case)


def test_the_share_that_is_drawn_is_the_towns(town: Town) -> None:
    cases = [Case(code=f"GZ-{number}") for number in range(2000)]
    assert 140 < sum(map(checking.is_drawn, cases)) < 260
    share(0)
    assert not any(map(checking.is_drawn, cases))
    share(100)
    assert all(map(checking.is_drawn, cases))


def test_a_checker_finds_what_was_drawn_and_passes_it(town: Town) -> None:
    share(100)
    case = settled(town)
    checker, code = town.client("checker"), case.code
    assert code in checker.get("/desk/?drawn=1").content.decode()
    assert "drawn=1" in checker.get("/desk/").content.decode()
    assert "drawn=1" not in town.client("dispatcher").get("/desk/").content.decode()
    assert "do/look_over/" in checker.get(f"/desk/cases/{code}/").content.decode()
    answer = checker.post(f"/desk/cases/{code}/do/look_over/", {"look_over-note": "看过了", "look_over-version": case.version})
    assert answer.status_code in (200, 302)
    row = SpotCheck.objects.get()
    assert (row.passed, row.done_by) == (True, town.users["checker"])
    assert Step.objects.get(case=case, verb="look_over").reason == "看过了"
    assert town.fresh(case).state == "closed"
    assert code not in checker.get("/desk/?drawn=1").content.decode()
    assert "do/look_over/" not in checker.get(f"/desk/cases/{code}/").content.decode()


def test_what_is_not_done_is_reopened_and_the_look_fails(town: Town) -> None:
    share(100)
    case = settled(town)
    actions.reopen(case=case, by=town.actor("checker"), reason="还是松的")
    row = SpotCheck.objects.get()
    assert (row.passed, row.done_by) == (False, town.users["checker"])
    assert town.fresh(case).state == "reopened"


def test_nobody_looks_over_what_was_not_drawn_or_is_his_own(town: Town) -> None:
    share(0)
    with pytest.raises(Conflict):
        actions.look_over(case=settled(town), by=town.actor("checker"))
    share(100)
    with pytest.raises(NotAllowed):
        actions.look_over(case=settled(town), by=town.actor("grid_worker"))
    case = settled(town)
    Step.objects.filter(case=case, verb="settle").update(by=town.users["checker"])
    with pytest.raises(NotAllowed, match="别人"):
        actions.look_over(case=case, by=town.actor("checker"))


def put_off(town: Town, kind: str, **more: Any) -> Case:
    case = town.drive(town.case(**more), "in_hand")
    actions.ask_for(case=case, by=town.actor("handler"), kind=kind, reason="等王大爷回来开门", until=clock.today() + dt.timedelta(days=9))
    actions.decide(case=town.fresh(case), by=town.actor("approver"), granted=True)
    return town.fresh(case)


def test_what_was_put_off_is_published_without_words(town: Town) -> None:
    closed, opened = put_off(town, "suspend"), put_off(town, "list_long_term", may_publish=True)
    actions.publish_words(case=opened, by=town.actor("dispatcher"), is_public=True, words="路口的灯要等新灯杆")
    said = Client().get("/deferred/").content.decode()
    assert "暂缓办理" in said
    assert "挂账推进" in said
    assert closed.code not in said
    assert f"/public/{opened.code}/" in said
    assert "公用设施" in said
    for secret in ("王大爷", "很黑", "新灯杆", "潇湘社区 · 第一网格"):
        assert secret not in said
    actions.resume(case=closed, by=town.actor("handler"))
    assert "暂缓办理" not in Client().get("/deferred/").content.decode()


def test_a_late_case_that_is_put_off_is_not_late_until_it_runs_again(town: Town) -> None:
    case = town.drive(town.case(), "in_hand")
    Case.objects.filter(pk=case.pk).update(resolve_due=clock.now() - dt.timedelta(hours=1), is_late=True)
    actions.ask_for(
        case=town.fresh(case), by=town.actor("handler"), kind="suspend", reason="等料", until=clock.today() + dt.timedelta(days=3)
    )
    actions.decide(case=town.fresh(case), by=town.actor("approver"), granted=True)
    supervisor = town.client("supervisor")
    assert not town.fresh(case).is_late
    assert case.code not in supervisor.get("/desk/?late=1").content.decode()
    actions.resume(case=town.fresh(case), by=town.actor("handler"))
    assert town.fresh(case).is_late
    assert case.code in supervisor.get("/desk/?late=1").content.decode()


def test_the_inbox_narrows_by_the_day_of_closing(town: Town) -> None:
    today = clock.today()
    old, new = town.drive(town.case(), "closed"), town.drive(town.case(), "closed")
    Case.objects.filter(pk=old.pk).update(closed_at=clock.now() - dt.timedelta(days=9))
    said = town.client("supervisor").get(f"/desk/?state=closed&ended={today - dt.timedelta(days=6)}").content.decode()
    assert new.code in said
    assert old.code not in said
    wrong = town.client("supervisor").get("/desk/?state=closed&ended=2026-99-99").content.decode()
    assert "2026-99-99" in wrong
    assert old.code in wrong
