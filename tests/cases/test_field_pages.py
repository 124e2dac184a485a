"""The grid worker's pages: today, own findings, handling on the phone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.cases import actions
from gongzhi.cases.models import Case
from tests.cast import IN_OTHER, Town

FORM = {"description": "井盖松了", "category": "pothole", "lat": "25.05", "lng": "103.05", "idempotency_key": "f1"}


def test_today_shows_what_waits_in_my_grid_only(town: Town) -> None:
    mine, far = town.case(), town.case(point=IN_OTHER)
    page = town.client("grid_worker").get("/today/").content.decode()
    assert mine.code in page
    assert far.code not in page


def test_one_tap_takes_a_case(town: Town) -> None:
    case = town.drive(town.case(), "dispatched")
    handler = town.client("handler")
    assert case.code in handler.get("/today/").content.decode()
    assert handler.post(f"/today/{case.code}/do/take/", {"take-version": case.version}).status_code == 302
    assert town.fresh(case).state == "in_hand"
    assert handler.post(f"/today/{case.code}/do/take/", {"take-version": case.version}).status_code == 422


def test_a_finding_is_settled_on_the_spot_once(town: Town) -> None:
    worker = town.client("grid_worker")
    for _time in range(2):
        assert worker.post("/found/", FORM | {"on_spot": "on", "done_note": "已垫平"}).status_code == 302
    case = Case.objects.get()
    assert (case.state, case.found_by_us, case.outcome) == ("closed", True, "solved")
    assert not case.reporters.exists()


def test_a_finding_is_reported_up_or_refused_with_words_kept(town: Town) -> None:
    worker = town.client("grid_worker")
    refused = worker.post("/found/", FORM | {"on_spot": "on", "done_note": ""})
    assert refused.status_code == 422
    assert "井盖松了" in refused.content.decode()
    assert not Case.objects.exists()
    assert worker.post("/found/", FORM).status_code == 302
    assert Case.objects.get().state == "registered"


def test_handling_on_the_phone_offers_only_my_acts(town: Town) -> None:
    case = town.drive(town.case(), "in_hand")
    page = town.client("handler").get(f"/today/{case.code}/").content.decode()
    assert f"/today/{case.code}/do/report_done/" in page
    assert f"/today/{case.code}/do/pass_check/" not in page
    done = {"report_done-outcome": "solved", "report_done-note": "换好了", "report_done-version": case.version}
    assert town.client("handler").post(f"/today/{case.code}/do/report_done/", done).status_code == 302
    assert town.fresh(case).state == "reported"


@pytest.mark.parametrize(("name", "status"), [("resident", 403), ("other_grid_worker", 404), ("leader", 403)])
def test_others_are_kept_out(town: Town, name: str, status: int) -> None:
    case = town.case()
    assert town.client(name).get(f"/today/{case.code}/").status_code == status
    assert Client().get("/today/").status_code == 302
    assert town.client("resident").get("/found/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_do_not_grow(town: Town, rows: int, record_property: Any) -> None:
    for number in range(rows):
        case = town.case(description=f"第{number}件")
        actions.accept(case=case, by=town.actor("dispatcher"))
    client = town.client("grid_worker")
    client.get("/today/")
    with CaptureQueriesContext(connection) as context:
        assert client.get("/today/").status_code == 200
    assert len(context) <= 9, [row["sql"][:80] for row in context]
