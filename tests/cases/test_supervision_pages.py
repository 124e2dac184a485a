"""Supervision: who may look, what is late and how far it has climbed, figures that equal a recount, no words for a leader."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.cases.actions.alarming import ring
from gongzhi.cases.actions.figures import fold_figures
from gongzhi.cases.models import Case
from gongzhi.cases.oversight import PAGE, standings
from gongzhi.kernel import clock
from tests.cast import COMMUNITY, IN_OTHER, OTHER_COMMUNITY, OUTSIDE, Town

PATH = "/desk/supervision/"


def make_late(case: Case, **ago: int) -> Case:
    """Let a case be past its promised time, and let the tick see it."""
    due = clock.now() - dt.timedelta(**(ago or {"hours": 1}))
    Case.objects.filter(pk=case.pk).update(
        registered_at=due - dt.timedelta(days=7), accept_due=due, respond_due=due, resolve_due=due, next_due=due
    )
    ring(case_id=case.pk)
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize(
    ("name", "status"), [("supervisor", 200), ("leader", 200), ("approver", 200), ("dispatcher", 403), ("handler", 403), ("resident", 403)]
)
def test_supervisors_leaders_and_approvers_only(town: Town, name: str, status: int) -> None:
    assert town.client(name).get(PATH).status_code == status
    assert Client().get(PATH).status_code == 302


def test_late_ones_with_the_level_that_looks_into_them(town: Town) -> None:
    late, risky, calm = town.case(), town.case(), town.case()
    late = make_late(late, days=4)
    Case.objects.filter(pk=risky.pk).update(resolve_due=clock.now() + dt.timedelta(hours=3))
    supervisor = town.client("supervisor")
    page = supervisor.get(PATH).content.decode()
    assert late.alarm_level == "district"
    assert "区过问" in page
    assert late.code in page
    assert risky.code not in page
    soon = supervisor.get(PATH, {"list": "risk"}).content.decode()
    assert risky.code in soon
    assert late.code not in soon
    assert calm.code not in page + soon


def test_an_approver_sees_the_own_street_only(town: Town) -> None:
    mine, far = make_late(town.case()), make_late(town.case(point=IN_OTHER))
    fold_figures()
    client = town.client("approver")
    page = client.get(PATH).content.decode()
    assert mine.code in page
    assert far.code not in page
    assert client.get(PATH, {"place": OTHER_COMMUNITY}).context["rows"] == []
    assert [row["name"] for row in client.get(PATH, {"list": "areas"}).context["standings"]] == ["南宁街道 · 潇湘社区"]
    assert "/desk/?awaiting=1" in page
    assert "/desk/?awaiting=1" not in town.client("supervisor").get(PATH).content.decode()


def test_a_leader_sees_figures_and_numbers_but_no_words(town: Town) -> None:
    case = make_late(town.case(description="路灯不亮，我家住三楼"))
    fold_figures()
    leader, supervisor = town.client("leader"), town.client("supervisor")
    seen = leader.get(PATH).content.decode() + leader.get(PATH, {"list": "areas"}).content.decode()
    assert case.code in seen
    assert "三楼" not in seen
    assert "/desk/cases/" not in seen
    assert "/desk/?place=" not in seen
    read = supervisor.get(PATH).content.decode() + supervisor.get(PATH, {"list": "areas"}).content.decode()
    assert "三楼" in read
    assert f"/desk/cases/{case.code}/" in read
    assert f"/desk/?place={COMMUNITY}&amp;late=1" in read


def test_figures_equal_a_recount(town: Town) -> None:
    make_late(town.case())
    town.case()
    town.case(point=IN_OTHER)
    town.case(point=OUTSIDE)
    town.drive(town.case(), "closed")
    fold_figures()
    for name in ("supervisor", "approver"):
        visible = Case.objects.visible_to(town.actor(name)).open()
        for one in standings(town.actor(name)):
            here = visible.filter(community_id=one.area.id if one.area else None)
            assert (one.open, one.late) == (here.count(), here.filter(is_late=True).count())
        assert sum(one.open for one in standings(town.actor(name))) == visible.count()
    assert len(standings(town.actor("supervisor"))) == 3
    assert standings(town.actor("resident")) == standings(town.actor("handler")) == []


def test_pages_run_on_by_key(town: Town) -> None:
    first = make_late(town.case(), days=2)
    for _number in range(PAGE):
        make_late(town.case())
    client = town.client("supervisor")
    page = client.get(PATH)
    assert page.context["rows"][0]["case"].pk == first.pk
    more = client.get(PATH, {"after": page.context["pager"]["next"]})
    shown = [row["case"].pk for one in (page, more) for row in one.context["rows"]]
    assert len(shown) == len(set(shown)) == PAGE + 1
    assert more.context["pager"]["next"] == ""


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("which", ["late", "areas"])
def test_statements_do_not_grow(town: Town, rows: int, which: str) -> None:
    for _number in range(rows):
        make_late(town.case())
    fold_figures()
    client = town.client("supervisor")
    client.get(PATH)
    with CaptureQueriesContext(connection) as context:
        answer: Any = client.get(PATH, {"list": which})
    assert answer.status_code == 200
    assert len(context) <= 9, [row["sql"][:80] for row in context]
