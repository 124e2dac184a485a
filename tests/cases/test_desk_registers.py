"""The desk beyond the case: dispatch board, registers, exports, papers, and what each page costs."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from gongzhi.cases import actions
from gongzhi.cases.actions.intake import Contact
from gongzhi.cases.models import Case
from gongzhi.kernel.audit import AuditEntry
from tests.cast import IN_OTHER, Town

PART = {"HX-Request": "true"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def cost(client: Client, url: str) -> int:
    """Statements of one GET, after one that warms what a process keeps."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def named_case(town: Town) -> Case:
    return town.case(contact=Contact("王桂兰", "13887400001"))


def test_the_board_suggests_by_rule_and_sends_at_a_tap(town: Town) -> None:
    case = town.drive(town.case(), "accepted")
    nobody = town.drive(town.case(category="pothole"), "accepted")
    desk = town.client("dispatcher")
    page = text(desk.get("/desk/dispatch/"))
    assert "建议派给区路灯管理所" in page
    assert "没有规则对应" in page
    sent = desk.post(f"/desk/cases/{case.code}/do/dispatch/", {"dispatch-version": case.version, "next": "/desk/dispatch/"})
    assert sent["Location"] == "/desk/dispatch/"
    assert town.fresh(case).body_id == town.bodies["lighting"].pk
    assert town.fresh(nobody).state == "accepted"


def sent_back(town: Town) -> Case:
    case = town.drive(town.case(), "dispatched")
    actions.send_back(case=case, by=town.actor("handler"), reason="灯杆是物业的")
    return town.fresh(case)


def test_returns_stand_on_the_board_and_in_the_registers(town: Town) -> None:
    case = sent_back(town)
    desk = town.client("dispatcher")
    assert "灯杆是物业的" in text(desk.get("/desk/dispatch/"))
    assert "灯杆是物业的" in text(desk.get("/desk/registers/returned/"))
    assert "灯杆是物业的" not in text(town.client("other_dispatcher").get("/desk/registers/returned/"))
    actions.object_to_return(case=case, by=town.actor("dispatcher"), reason="在路边")
    actions.rule_on_return(case=town.fresh(case), by=town.actor("adjudicator"), body=town.bodies["roads"], ground="权责清单第三条")
    page = text(desk.get("/desk/registers/ruled/"))
    assert "权责清单第三条" in page
    assert "裁定由区城市管理局办理" in page
    assert desk.get("/desk/registers/nothing/").status_code == 404


def rows_of(content: bytes) -> list[list[Any]]:
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def test_exports_hold_the_filtered_list_without_the_reporter(town: Town) -> None:
    case = named_case(town)
    town.case(point=IN_OTHER)
    town.case(category="pothole", description="=cmd()")
    desk = town.client("dispatcher")
    rows = rows_of(desk.get("/desk/export.xlsx").content)
    assert len(rows) == 3
    assert "'=cmd()" in [row[3] for row in rows]
    assert not any("王桂兰" in str(cell) or "1388740" in str(cell) for row in rows for cell in row)
    assert [row[0] for row in rows_of(desk.get("/desk/export.xlsx?category=lamp").content)[1:]] == [case.code]
    assert AuditEntry.objects.filter(verb="case.export").order_by("id").first().facts["rows"] == 2


def test_a_register_is_exported(town: Town) -> None:
    case = sent_back(town)
    rows = rows_of(town.client("dispatcher").get("/desk/registers/returned/export.xlsx").content)
    assert [row[0] for row in rows[1:]] == [case.code]
    assert rows[1][4] == "灯杆是物业的"
    assert AuditEntry.objects.filter(verb="register.export").count() == 1


def test_papers_are_printed_by_who_meets_the_case(town: Town) -> None:
    case = town.drive(named_case(town), "dispatched")
    url = f"/desk/print/{case.code}/dispatch.pdf"
    made = town.client("handler").get(url)
    assert made["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")
    assert town.client("other_dispatcher").get(url).status_code == 404
    assert town.client("handler").get(f"/desk/print/{case.code}/other.pdf").status_code == 404
    fresh = town.case()
    refused = town.client("dispatcher").get(f"/desk/print/{fresh.code}/dispatch.pdf")
    assert refused.status_code == 400
    assert "还没有这份文件" in text(refused)


def test_the_notice_is_for_its_reporter_too(town: Town) -> None:
    case = town.case()
    actions.refuse(case=case, by=town.actor("clerk"), note="请向物业公司反映", ground="not_ours")
    assert town.client("resident").get(f"/cases/{case.code}/notice.pdf").content.startswith(b"%PDF")
    assert town.client("neighbour").get(f"/cases/{case.code}/notice.pdf").status_code == 404
    assert town.client("clerk").get(f"/cases/{case.code}/notice.pdf").status_code == 404


def test_what_the_notice_says(town: Town, rf: Any) -> None:
    from gongzhi.cases.views import printing

    case = town.case()
    actions.refer(case=case, by=town.actor("clerk"), note="请到信访局窗口", route="petition")
    said = printing.DATA["notice"](rf.get("/"), town.fresh(case))
    assert said["title"] == "法定途径告知书"
    assert said["body"] == ["该事项应通过法定途径处理：信访。", "……", "请到信访局窗口"]
    assert said["unit"] == "南宁街道办"


def test_the_outline_of_a_place(town: Town) -> None:
    grid = town.places["530302001001001"]
    shown = town.client("dispatcher").get(f"/desk/area/{grid.pk}.geojson").json()
    assert shown["features"][0]["geometry"]["type"] == "Polygon"
    assert Client().get(f"/desk/area/{grid.pk}.geojson").status_code == 302


def test_import_leads_to_the_pages_of_every_import(town: Town) -> None:
    assert town.client("clerk").get("/desk/import/")["Location"] == "/sheets/new/cases.messages/"
    assert town.client("handler").get("/desk/import/").status_code == 403


@pytest.mark.parametrize("url", ["/desk/", "/desk/?q=路灯", "/desk/dispatch/", "/desk/registers/returned/", "/desk/?awaiting=1"])
def test_three_rows_cost_what_one_costs(town: Town, url: str) -> None:
    desk = town.client("dispatcher")

    def add() -> None:
        sent_back(town)
        actions.ask_for(case=town.drive(town.case(), "accepted"), by=town.actor("dispatcher"), kind="void", reason="重复")

    add()
    one = cost(desk, url)
    add()
    add()
    cache.clear()
    assert cost(desk, url) == one


def test_a_long_history_costs_what_a_short_one_costs(town: Town) -> None:
    desk, case = town.client("dispatcher"), town.drive(town.case(), "in_hand")
    url = f"/desk/cases/{case.code}/"
    short = cost(desk, url)
    for _time in range(3):
        actions.respond(case=town.fresh(case), by=town.actor("handler"), note="还在修")
        actions.join_case(case=town.fresh(case), by=town.actor("neighbour"), is_anonymous=True)
    assert cost(desk, url) == short


def test_correcting_the_category_leaves_the_place(town: Town) -> None:
    case = town.case()
    desk, url = town.client("dispatcher"), f"/desk/cases/{case.code}/do/correct/"
    sent = {"correct-lat": "25.05", "correct-lng": "103.05", "correct-address": "麒麟路1号", "correct-reason": "是路面的事"}
    assert desk.post(url, sent | {"correct-category": "pothole"}).status_code == 302
    fresh = town.fresh(case)
    assert (fresh.category_id, fresh.place_id, fresh.lng) == (town.categories["pothole"].pk, case.place_id, 103.05)
    assert desk.post(url, sent).status_code == 400
    assert desk.post(url, sent | {"correct-lng": "103.15"}).status_code == 302
    assert town.fresh(case).place_id == town.places["530302001001002"].pk


def test_entered_for_elsewhere_the_clerk_is_told(town: Town) -> None:
    form = {"channel": "counter", "description": "井盖响", "lat": "25.05", "lng": "103.65", "idempotency_key": "k2"}
    page = text(town.client("clerk").post("/desk/new/", form, follow=True))
    assert "不在您的辖区" in page
    assert "接着办这一件" not in page
