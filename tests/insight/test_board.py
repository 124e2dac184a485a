"""The district board: who sees which area, figures that equal a recount, a map that is valid GeoJSON, statements that do not grow."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.cases import actions
from gongzhi.cases.actions.alarming import ring
from gongzhi.cases.actions.figures import fold_figures, keep_standings
from gongzhi.cases.models import Case
from gongzhi.community.models import Post
from gongzhi.community.territory import territory
from gongzhi.insight.queries import Change, board_of, list_running_out
from gongzhi.insight.views.board import _share
from gongzhi.kernel import clock
from tests.cast import COMMUNITY, DISTRICT, GRID, IN_GRID_2, IN_OTHER, OTHER_COMMUNITY, OTHER_STREET, STREET, Town


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("leader", "", 200),
        ("leader", OTHER_COMMUNITY, 200),
        ("dispatcher", STREET, 200),
        ("dispatcher", GRID, 200),
        ("dispatcher", OTHER_STREET, 404),
        ("dispatcher", DISTRICT, 404),
        ("secretary", COMMUNITY, 200),
        ("secretary", STREET, 404),
        ("grid_worker", GRID, 200),
        ("leader", "999999", 404),
        ("resident", "", 403),
        ("resident", DISTRICT, 403),
        ("operator", "", 403),
    ],
)
def test_a_board_opens_for_whose_post_reaches_it(town: Town, name: str, code: str, status: int) -> None:
    client = town.client(name)
    path = f"/board/{code}/" if code else "/board/"
    assert client.get(path).status_code == status
    if code:
        assert client.get(f"{path}areas.geojson").status_code == status


def test_a_stranger_signs_in_first(town: Town) -> None:
    assert Client().get("/board/").status_code == 302
    assert Client().get(f"/board/{DISTRICT}/").status_code == 302
    assert Client().get(f"/board/{DISTRICT}/areas.geojson").status_code == 403


def test_figures_equal_a_recount(town: Town) -> None:
    town.drive(town.case(), "rated")
    late = town.drive(town.case(), "dispatched")
    town.case(point=IN_GRID_2)
    town.case(point=IN_OTHER)
    assert late.resolve_due
    with clock.at(late.resolve_due + dt.timedelta(minutes=1)):
        ring(case_id=late.pk)
    fold_figures()
    for code in (DISTRICT, STREET, COMMUNITY, GRID, OTHER_STREET):
        node = territory().by_code[code]
        inside = Case.objects.filter(is_open=True, place__path__startswith=town.places[code].path)
        board = board_of(node)
        assert board.open_now == inside.count()
        assert board.late_now == inside.filter(is_late=True).count()
        for below in territory().below(node.id):
            assert board.open_by_place.get(below.id, 0) == inside.filter(place__path__startswith=below.path).count()
    whole = board_of(territory().by_code[DISTRICT])
    assert (whole.registered.now, whole.closed.now, whole.in_time.now, whole.satisfied.now, whole.rated.now) == (4, 1, 1, 1, 1)
    assert sum(count for _day, count, _out in whole.days) == 4


def test_figures_lead_to_lists_for_readers_only(town: Town) -> None:
    case = town.case(description="路灯不亮，我家住三楼")
    fold_figures()
    supervisor = town.client("supervisor").get("/board/").content.decode()
    leader = town.client("leader").get("/board/").content.decode()
    assert f"/desk/?place={DISTRICT}&amp;late=1" in supervisor
    assert f"/desk/cases/{case.code}/" in supervisor
    assert "/desk/" not in leader
    assert case.code in leader
    assert "三楼" not in leader + supervisor


def test_clocks_are_the_next_due_within_reach(town: Town) -> None:
    first, second, far = town.case(), town.case(), town.case(point=IN_OTHER)
    Case.objects.filter(pk=second.pk).update(resolve_due=clock.now() + dt.timedelta(hours=1))
    node, street = territory().by_code[DISTRICT], territory().by_code[STREET]
    assert [case.pk for case in list_running_out(town.actor("leader"), node)] == [second.pk, first.pk, far.pk]
    assert [case.pk for case in list_running_out(town.actor("leader"), street, limit=1)] == [second.pk]
    assert [case.pk for case in list_running_out(town.actor("dispatcher"), node)] == [second.pk, first.pk]
    assert list_running_out(town.actor("handler"), node) == []
    Case.objects.filter(pk=second.pk).update(resolve_due=clock.now() - dt.timedelta(hours=1))
    assert [case.pk for case in list_running_out(town.actor("leader"), street)] == [first.pk]


def test_the_map_is_drawn_of_grids_and_leads_one_step_down(town: Town) -> None:
    town.case()
    fold_figures()
    leader = town.client("leader")
    answer = leader.get(f"/board/{DISTRICT}/areas.geojson")
    found = json.loads(answer.content)
    assert answer["Content-Type"] == "application/geo+json"
    assert found["type"] == "FeatureCollection"
    assert all(one["geometry"]["type"] == "Polygon" and len(one["geometry"]["coordinates"][0]) >= 4 for one in found["features"])
    said = {one["properties"]["name"]: one["properties"] for one in found["features"]}
    assert said["潇湘社区 第一网格"] == {"name": "潇湘社区 第一网格", "url": f"/board/{STREET}/", "open": 1, "late": 0}
    assert said["潇湘社区 第二网格"]["open"] == 0
    down = json.loads(leader.get(f"/board/{STREET}/areas.geojson").content)["features"]
    assert {one["properties"]["url"] for one in down} == {f"/board/{COMMUNITY}/"}
    grids = json.loads(leader.get(f"/board/{COMMUNITY}/areas.geojson").content)["features"]
    assert f"/board/{GRID}/" in {one["properties"]["url"] for one in grids}
    assert [one["properties"]["url"] for one in json.loads(leader.get(f"/board/{GRID}/areas.geojson").content)["features"]] == [""]
    last = json.loads(town.client("supervisor").get(f"/board/{GRID}/areas.geojson").content)["features"]
    assert [one["properties"]["url"] for one in last] == [f"/desk/?place={GRID}"]


def test_the_screen_is_drawn_again_only_when_something_happened(town: Town) -> None:
    leader = town.client("leader")
    with clock.at(clock.now()):
        stamp = leader.get("/board/").context["stamp"]
        asked = {"seen": stamp}
        same = leader.get(f"/board/{DISTRICT}/", asked, headers={"HX-Request": "true"})
        town.case()
        fold_figures()
        moved = leader.get(f"/board/{DISTRICT}/", asked, headers={"HX-Request": "true"})
    assert (same.status_code, same.get("HX-Refresh")) == (204, None)
    assert (moved.status_code, moved.get("HX-Refresh")) == (204, "true")


def test_a_grid_has_no_figures_by_day_and_does_not_say_zero(town: Town) -> None:
    town.case()
    fold_figures()
    leader = town.client("leader")
    grid, community = leader.get(f"/board/{GRID}/").context, leader.get(f"/board/{COMMUNITY}/").context
    assert [one["value"] for one in grid["figures"]] == [1, 0]
    assert grid["chart"] is None
    assert [one["value"] for one in community["figures"]] == [1, 0, 1, 0, "—", "—"]


def test_a_share_of_few_cases_shows_no_change() -> None:
    assert _share("", Change(1, 1), Change(1, 1), "")["change"] is None
    assert _share("", Change(9, 5), Change(10, 10), "")["change"] == 40


def test_esc_leads_back_no_higher_than_the_post(town: Town) -> None:
    assert f'href="/board/{DISTRICT}/" data-up' in town.client("leader").get(f"/board/{STREET}/").content.decode()
    assert "data-up" not in town.client("dispatcher").get(f"/board/{STREET}/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_do_not_grow(town: Town, rows: int) -> None:
    for _number in range(rows):
        town.case()
    fold_figures()
    client = town.client("supervisor")
    assert _statements(client, "/board/") <= 9
    assert _statements(client, f"/board/{DISTRICT}/areas.geojson") <= 5


def _statements(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as context:
        answer: Any = client.get(path)
    assert answer.status_code == 200
    return len(context)


def test_what_stands_is_shown_beside_a_week_ago(town: Town) -> None:
    today = clock.start_of(clock.today())
    Post.objects.update(starts_on=dt.date(2020, 1, 1))
    with clock.at(today - dt.timedelta(days=9)):
        ended, overdue, away = town.drive(town.case(), "in_hand"), town.drive(town.case(), "dispatched"), town.case(point=IN_OTHER)
    assert overdue.resolve_due
    with clock.at(overdue.resolve_due + dt.timedelta(minutes=1)):
        ring(case_id=overdue.pk)
        ring(case_id=away.pk)
    with clock.at(today - dt.timedelta(days=3)):
        for step in (actions.report_done, actions.pass_check, actions.close_case):
            more = {"outcome": "solved", "note": "好了"} if step is actions.report_done else {}
            step(case=town.fresh(ended), by=town.actor("handler" if more else "checker"), **more)
    town.case()
    assert keep_standings() == 8
    assert keep_standings() == 0
    fold_figures()
    with clock.at(today + dt.timedelta(hours=30)):
        assert keep_standings() == 1
    boards = {code: board_of(territory().by_code[code]) for code in (DISTRICT, STREET, COMMUNITY, OTHER_STREET, GRID)}
    assert [(board.standing, board.standing_late) for board in boards.values()] == [
        (Change(3, 3), Change(2, 0)),
        (Change(2, 2), Change(1, 0)),
        (Change(2, 2), Change(1, 0)),
        (Change(1, 1), Change(1, 0)),
        (Change(2, None), Change(1, None)),
    ]
