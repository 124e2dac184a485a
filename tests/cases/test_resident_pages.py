"""The resident's pages: report, follow, rate; a stranger sees nothing."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from gongzhi.cases import actions
from gongzhi.cases.models import Case, Reporter
from gongzhi.community.models import Compound
from gongzhi.kernel import caches
from tests.cast import Town

FORM = {"description": "路灯不亮", "category": "lamp", "lat": "25.05", "lng": "103.05", "address": "麒麟路1号", "idempotency_key": "k1"}


def test_a_guest_reports_and_follows_by_claim_code(town: Town) -> None:
    guest = Client()
    assert guest.get("/report/").status_code == 200
    done = guest.post("/report/", FORM | {"is_anonymous": "on"}, follow=True)
    case = Case.objects.get()
    claim = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", done.content.decode())
    assert case.code in done.content.decode()
    assert claim
    other = Client()
    assert other.get(f"/cases/{case.code}/").status_code == 404
    assert other.post("/claim/", {"claim": claim[0]}, follow=True).status_code == 200
    assert other.get(f"/cases/{case.code}/").status_code == 200


def test_sending_twice_makes_one_case(town: Town) -> None:
    resident = town.client("resident")
    for _time in range(2):
        assert resident.post("/report/", FORM).status_code == 302
    assert Case.objects.count() == 1


def test_errors_keep_what_was_typed(town: Town) -> None:
    answer = town.client("resident").post("/report/", FORM | {"category": "noise", "description": "楼上很吵"})
    assert answer.status_code == 422
    assert "楼上很吵" in answer.content.decode()
    assert "什么时候吵" in answer.content.decode()
    assert not Case.objects.exists()


def test_the_reporter_rates_and_reopens(town: Town) -> None:
    case = town.drive(town.case(), "closed")
    resident = town.client("resident")
    page = resident.get(f"/cases/{case.code}/").content.decode()
    assert "提交评价" in page
    assert resident.post(f"/cases/{case.code}/rate/", {"rate-stars": "2", "rate-words": "慢"}).status_code == 302
    assert town.fresh(case).rating == 2
    assert resident.post(f"/cases/{case.code}/reopen/", {"reopen-reason": ""}).status_code == 422
    assert resident.post(f"/cases/{case.code}/reopen/", {"reopen-reason": "又坏了"}).status_code == 302
    assert town.fresh(case).state == "reopened"


@pytest.mark.parametrize("name", ["neighbour", "other_dispatcher", "handler"])
def test_nobody_else_opens_the_reporters_page(town: Town, name: str) -> None:
    case = town.case()
    assert town.client(name).get(f"/cases/{case.code}/").status_code == 404


def test_public_only_when_reporter_and_desk_let_it_out(town: Town) -> None:
    case = town.case(may_publish=True)
    assert Client().get(f"/public/{case.code}/").status_code == 404
    actions.publish_words(case=case, by=town.actor("dispatcher"), words="麒麟路一盏路灯不亮", is_public=True)
    page = Client().get(f"/public/{case.code}/").content.decode()
    assert "麒麟路一盏路灯不亮" in page
    assert case.description not in page
    assert case.address not in page
    points = Client().get("/nearby/points.geojson?bbox=103,25,104,26").json()
    assert [one["geometry"]["coordinates"] for one in points["features"]] == [[103.05, 25.05]]


def test_joining_instead_of_repeating(town: Town) -> None:
    case = town.case(may_publish=True)
    actions.publish_words(case=case, by=town.actor("dispatcher"), words="一盏路灯不亮", is_public=True)
    similar = Client().get("/report/similar/?lng=103.0501&lat=25.05&category=lamp").content.decode()
    assert f"/cases/{case.code}/join/" in similar
    Compound.objects.filter(name="幸福小区").update(lng=103.0501)
    caches.touch("gazetteer")
    assert f"/cases/{case.code}/join/" in Client().get("/report/similar/", {"address": "幸福小区门口", "category": "lamp"}).content.decode()
    assert case.code not in Client().get("/report/similar/", {"address": "没有这个地方"}).content.decode()
    assert town.client("neighbour").post(f"/cases/{case.code}/join/").status_code == 302
    assert Reporter.objects.filter(case=case, user=town.users["neighbour"], relation="joined").exists()


def test_staff_see_what_is_open_nearby_before_they_enter_one_more(town: Town) -> None:
    case = town.case()
    asked = {"lng": "103.0501", "lat": "25.05", "category": "lamp"}
    assert Client().get("/report/similar/inside/", asked).status_code == 302
    assert town.client("resident").get("/report/similar/inside/", asked).status_code == 403
    assert f"/desk/cases/{case.code}/" in town.client("clerk").get("/report/similar/inside/", asked).content.decode()
    grid = town.client("grid_worker").get("/report/similar/inside/", asked).content.decode()
    assert case.code in grid
    assert "/desk/" not in grid
    assert case.code not in town.client("other_dispatcher").get("/report/similar/inside/", asked).content.decode()


def test_a_qr_leads_to_the_report_with_its_place(town: Town) -> None:
    page = Client().get("/q/LAMP0001/", follow=True).content.decode()
    assert 'value="LAMP0001"' in page
    assert Client().get("/q/UNKNOWN/").status_code == 404


def test_suggestion_and_place_in_words(town: Town) -> None:
    assert "路灯" in Client().get("/report/suggest/?description=门口的路灯坏了").content.decode()
    assert Client().get("/report/where/?lng=103.05&lat=25.05").json()["text"] == "南宁街道 · 潇湘社区 · 第一网格"
