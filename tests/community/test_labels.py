"""Labels with a QR: who may print which, what the list costs, and that the paper holds the address of the scan."""

from __future__ import annotations

import io
from typing import Any

import pytest
import segno
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.cases.views import labels
from gongzhi.community import queries
from gongzhi.community.actions import give_post
from gongzhi.community.models import Compound, Facility
from gongzhi.community.queries import LabelFilter
from gongzhi.kernel import papers
from tests.cast import COMMUNITY, DISTRICT, GRID, GRID_2, OTHER_GRID, Town

pytestmark = pytest.mark.django_db
URL, PRINT = "/desk/labels/", "/desk/labels/print.pdf"


@pytest.fixture
def things(town: Town) -> Town:
    """Lamps in three grids, one of them out of use, and another firm's compound; the operator holds his post."""
    give_post(user_id=town.users["operator"].pk, role="operator", body=town.bodies["centre"], place=town.places[DISTRICT], by=None)
    for code, grid, active in (("L2", GRID_2, True), ("L3", OTHER_GRID, True), ("L4", GRID, False)):
        lamp(town, code, grid, is_active=active)
    Compound.objects.create(code="C2", tag="COMPOUND2", name="如意苑", place=town.places[OTHER_GRID], lng=103.65, lat=25.05)
    return town


def lamp(town: Town, code: str, grid: str, **more: Any) -> Facility:
    more = {"kind": "lamp", "name": f"{code}号灯", "lng": 103.1, "lat": 25.05} | more
    owner = town.bodies[more.pop("owner", "lighting")]
    return Facility.objects.create(code=code, tag=f"TAG{code}", owner=owner, place=town.places[grid], **more)


def codes(client: Client, query: str = "") -> list[str]:
    answer = client.get(URL + query)
    assert answer.status_code == 200
    return [row["code"] for row in answer.context["rows"]]


@pytest.mark.parametrize("url", [URL, PRINT])
def test_strangers_sign_in_and_others_are_refused(things: Town, url: str) -> None:
    assert Client().get(url).status_code == 302
    for name in ("resident", "clerk", "dispatcher", "handler", "checker", "supervisor", "leader"):
        assert things.client(name).get(url).status_code == 403, name


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("operator", ["C1", "C2", "L1", "L2", "L3"]),
        ("secretary", ["C1", "L1", "L2"]),
        ("grid_worker", ["C1", "L1"]),
        ("other_grid_worker", ["C2", "L3"]),
        ("steward", ["C1"]),
    ],
)
def test_each_sees_what_is_in_his_charge(things: Town, name: str, held: list[str]) -> None:
    assert codes(things.client(name)) == held


def test_a_steward_has_his_firms_things_wherever_they_stand(things: Town) -> None:
    lamp(things, "P1", OTHER_GRID, owner="property", kind="parking")
    lamp(things, "P2", GRID, compound=things.compound)
    assert codes(things.client("steward")) == ["C1", "P1", "P2"]


def test_a_post_that_ended_shows_nothing(things: Town) -> None:
    actor = things.actor("clerk")
    assert queries.list_labelled(queries.labelled(actor, LabelFilter())) == ([], "")


@pytest.mark.parametrize(
    ("query", "held"),
    [
        ("?kind=compound", ["C1", "C2"]),
        ("?kind=lamp", ["L1", "L2", "L3"]),
        ("?kind=court", []),
        ("?kind=nonsense", ["C1", "C2", "L1", "L2", "L3"]),
        (f"?place={COMMUNITY}", ["C1", "L1", "L2"]),
        (f"?place={GRID_2}", ["L2"]),
        ("?q=幸福", ["C1"]),
        ("?q=l3", ["L3"]),
        ("?q=%25", []),
    ],
)
def test_the_list_is_narrowed_by_its_address(things: Town, query: str, held: list[str]) -> None:
    assert codes(things.client("operator"), query) == held


def test_a_place_outside_ones_area_opens_nothing(things: Town) -> None:
    assert codes(things.client("grid_worker"), f"?place={OTHER_GRID}") == []
    assert codes(things.client("grid_worker"), f"?place={DISTRICT}") == ["C1", "L1"]


def test_pages_follow_each_other_without_gap_or_repeat(things: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "PAGE", 2)
    client, seen, after = things.client("operator"), list[str](), ""
    for _page in range(4):
        answer = client.get(URL, {"after": after})
        seen += [row["code"] for row in answer.context["rows"]]
        after = answer.context["pager"]["next"]
        if not after:
            break
    assert seen == ["C1", "C2", "L1", "L2", "L3"]
    assert client.get(URL, {"after": "nonsense"}).status_code == 200


def test_a_longer_list_costs_no_more(things: Town) -> None:
    client = things.client("secretary")

    def cost() -> int:
        client.get(URL)
        with CaptureQueriesContext(connection) as asked:
            client.get(URL)
        return len(asked)

    Facility.objects.exclude(code="L1").delete()
    one = cost()
    for number in range(5, 7):
        lamp(things, f"L{number}", GRID)
        Compound.objects.create(code=f"C{number}", tag=f"T{number}", name="新苑", place=things.places[GRID], lng=103, lat=25)
    assert len(codes(client)) == 6
    assert cost() == one <= 8


def test_the_paper_is_a_pdf_of_the_ticked_ones(things: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dict[str, Any]] = []
    real = papers.pdf
    monkeypatch.setattr(papers, "pdf", lambda template, data: made.append(data) or real(template, data))
    ids = [f"c:{things.compound.pk}", f"f:{things.lamp.pk}", f"f:{Facility.objects.get(code='L3').pk}", "f:x", "z:1", ""]
    answer = things.client("secretary").get(PRINT, {"id": ids})
    assert (answer.status_code, answer["Content-Type"], answer.content[:4]) == (200, "application/pdf", b"%PDF")
    # The other community's lamp is not in this person's charge: ticking it by hand prints nothing.
    assert [one["code"] for one in made[0]["labels"]] == ["C1", "L1"]
    assert made[0]["scan"] == "扫码反映这里的问题"
    assert made[0]["labels"][1]["qr"] == svg("http://testserver/q/LAMP0001/")
    assert things.client("secretary").get("/q/LAMP0001/").status_code == 302


def test_the_sites_own_address_stands_on_the_label(things: Town, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    made: list[dict[str, Any]] = []
    monkeypatch.setattr(papers, "pdf", lambda _template, data: made.append(data) or b"%PDF")
    settings.SITE_ORIGIN = "https://gongzhi.example/"
    things.client("grid_worker").get(PRINT, {"id": f"f:{things.lamp.pk}"})
    assert made[0]["labels"][0]["qr"] == svg("https://gongzhi.example/q/LAMP0001/")


def svg(text: str) -> str:
    target = io.BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(target, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=1, nl=False, svgclass=None, lineclass=None)
    return target.getvalue().decode()


def test_without_a_tick_the_first_of_what_is_found_are_printed(things: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dict[str, Any]] = []
    monkeypatch.setattr(papers, "pdf", lambda _template, data: made.append(data) or b"%PDF")
    things.client("operator").get(PRINT, {"kind": "lamp"})
    assert [one["code"] for one in made[0]["labels"]] == ["L1", "L2", "L3"]


def test_nothing_and_too_many_are_said_in_words(things: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = things.client("operator").get(PRINT, {"kind": "court"})
    assert answer.status_code == 400
    assert "请先勾选" in answer.content.decode()
    monkeypatch.setattr(labels, "MOST", 1)
    answer = things.client("operator").get(PRINT, {"id": [f"f:{row.pk}" for row in Facility.objects.all()]})
    assert answer.status_code == 400
    assert "一次最多打印 1 张" in answer.content.decode()


def test_two_sheets_hold_what_one_does_not(things: Town) -> None:
    label = {"qr": papers.qr_svg("http://testserver/q/LAMP0001/"), "name": "很长的名称" * 12, "code": "L" * 32, "place": "某某街道" * 12}
    for count, pages in ((21, 1), (22, 2)):
        made = papers.pdf("cases/templates/cases/papers/labels.typ", {"labels": [label] * count, "scan": "扫码反映这里的问题"})
        assert f"/Type/Pages/Count {pages}/".encode() in made


def test_the_phone_of_a_grid_worker_has_ticks_and_the_way_there(things: Town) -> None:
    page = things.client("grid_worker").get(URL).content.decode()
    assert "gz-phone" in page
    assert f'value="f:{things.lamp.pk}"' in page
    assert f'href="{URL}"' in page
    assert f'href="{URL}"' not in things.client("clerk").get("/desk/").content.decode()
