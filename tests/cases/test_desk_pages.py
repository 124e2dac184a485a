"""The desk's pages: who comes in, what is seen, what is done, what is refused in words, and what each page costs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.cases import actions
from gongzhi.cases.actions.intake import Contact
from gongzhi.cases.models import Case, Look, Reporter
from tests.cast import IN_GRID_2, IN_OTHER, Town

PART = {"HX-Request": "true"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def cost(client: Client, url: str) -> int:
    """Statements of one GET, after one that warms what a process keeps."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


PAGES = ("/desk/", "/desk/dispatch/", "/desk/registers/", "/desk/registers/void/", "/desk/new/", "/desk/export.xlsx")


@pytest.mark.parametrize("url", PAGES)
def test_strangers_sign_in_and_residents_are_refused(town: Town, url: str) -> None:
    assert Client().get(url).status_code == 302
    assert town.client("resident").get(url).status_code == 403


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("handler", "/desk/new/"),
        ("handler", "/desk/dispatch/"),
        ("handler", "/desk/export.xlsx"),
        ("checker", "/desk/registers/void/export.xlsx"),
        ("leader", "/desk/"),
    ],
)
def test_a_wrong_role_is_refused(town: Town, name: str, url: str) -> None:
    assert town.client(name).get(url).status_code == 403


def test_the_inbox_shows_what_is_in_reach(town: Town) -> None:
    mine, foreign = town.case(), town.case(point=IN_OTHER)
    page = text(town.client("dispatcher").get("/desk/"))
    assert mine.code in page
    assert foreign.code not in page


def test_the_inbox_is_narrowed_by_its_address(town: Town) -> None:
    lamp = town.case(description="路灯不亮")
    hole = town.drive(town.case(category="pothole", description="路面塌了一块", point=IN_GRID_2), "accepted")
    desk = town.client("dispatcher")
    for query, shown, hidden in (
        ("state=registered", lamp, hole),
        ("state=registered&state=accepted&category=pothole", hole, lamp),
        ("place=530302001001002", hole, lamp),
        ("q=塌了一块", hole, lamp),
        ("q=" + lamp.code, lamp, hole),
    ):
        page = text(desk.get("/desk/?" + query))
        assert shown.code in page, query
        assert hidden.code not in page, query
    for query in ("late=1", "risk=1", "ours=1", "open=no", "channel=phone", "until=2000-01-01", "body=1"):
        page = text(desk.get("/desk/?" + query))
        assert lamp.code not in page, query
        assert "没有符合条件的诉求" in page
    assert "没有认出来" in text(desk.get("/desk/?since=昨天"))


def test_the_list_pages_by_key(town: Town) -> None:
    for _time in range(3):
        town.case()
    from gongzhi.cases.queries import Filters, list_cases

    by, seen, after = town.actor("dispatcher"), [], ""
    for _time in range(3):
        found = list_cases(by, Filters(), after=after, size=1)
        seen += [case.pk for case in found.rows]
        after = found.next_key or ""
    assert len(set(seen)) == 3
    assert after == ""


def test_presets_are_those_of_the_role(town: Town) -> None:
    assert "待裁定" in text(town.client("dispatcher").get("/desk/"))
    approver = text(town.client("approver").get("/desk/"))
    assert "待审批" in approver
    assert "我的待办" not in approver
    assert "state=disputed" in text(town.client("adjudicator").get("/desk/"))


def test_what_waits_for_an_approval_is_granted_from_the_page(town: Town) -> None:
    quiet, case = town.case(), town.drive(town.case(), "in_hand")
    actions.ask_for(case=town.fresh(case), by=town.actor("dispatcher"), kind="void", reason="同一件事重复登记")
    desk = town.client("approver")
    page = text(desk.get("/desk/?awaiting=1"))
    assert case.code in page
    assert quiet.code not in page
    shown = text(desk.get(f"/desk/cases/{case.code}/"))
    assert "同一件事重复登记" in shown
    assert "/do/grant/" in shown
    assert "/do/grant/" not in text(town.client("dispatcher").get(f"/desk/cases/{case.code}/"))
    done = desk.post(f"/desk/cases/{case.code}/do/grant/", {"grant-version": town.fresh(case).version, "grant-reason": "属实"})
    assert done.status_code == 302
    assert town.fresh(case).state == "void"


def test_a_case_opens_on_its_own_and_beside_the_list(town: Town) -> None:
    case = town.drive(town.case(), "dispatched")
    desk = town.client("dispatcher")
    whole = text(desk.get(f"/desk/cases/{case.code}/"))
    part = text(desk.get(f"/desk/cases/{case.code}/", headers=PART))
    for words in ("路灯不亮，晚上很黑", "区路灯管理所", "路灯归路灯管理所", "权责清单 1 版", "办理经过"):
        assert words in whole
        assert words in part
    assert "gz-rail" in whole
    assert "gz-rail" not in part


@pytest.mark.parametrize("name", ["other_dispatcher", "handler_2", "steward", "resident"])
def test_a_foreign_case_is_not_found(town: Town, name: str) -> None:
    case = town.drive(town.case(), "dispatched")
    answer = town.client(name).get(f"/desk/cases/{case.code}/")
    assert answer.status_code == (403 if name == "resident" else 404)
    assert town.client("other_dispatcher").post(f"/desk/cases/{case.code}/do/hand_on/", {}).status_code == 404


def test_a_worker_who_complained_himself_stays_outside(town: Town) -> None:
    own = town.case(by="other_dispatcher")
    assert town.client("other_dispatcher").get(f"/desk/cases/{own.code}/").status_code == 404


def test_only_what_may_be_done_now_is_offered(town: Town) -> None:
    case = town.drive(town.case(), "dispatched")
    url = f"/desk/cases/{case.code}/"

    def offered(name: str) -> set[str]:
        return set(re.findall(r'hx-post="[^"]*/do/(\w+)/"', text(town.client(name).get(url))))

    assert {"take", "send_back", "hand_on", "ask_extension"} <= offered("handler")
    assert not offered("handler") & {"accept", "dispatch", "merge", "grant", "deny"}
    assert {"hand_on", "merge"} <= offered("dispatcher")
    assert offered("supervisor") == set()
    assert offered("approver") == set()


def test_an_act_is_done_from_the_page(town: Town) -> None:
    case = town.case()
    desk = town.client("dispatcher")
    assert desk.post(f"/desk/cases/{case.code}/do/accept/", {"accept-version": "1"}).status_code == 302
    part = desk.post(f"/desk/cases/{case.code}/do/dispatch/", {"dispatch-version": "2"}, headers=PART)
    assert part.status_code == 200
    assert json.loads(part["HX-Trigger"])["gz:moved"] == {"code": case.code}
    assert town.fresh(case).state == "dispatched"
    assert desk.post(f"/desk/cases/{case.code}/do/nothing/").status_code == 404


def test_a_form_error_stands_at_its_field_and_keeps_the_words(town: Town) -> None:
    case = town.drive(town.case(), "in_hand")
    url = f"/desk/cases/{case.code}/do/report_done/"
    answer = town.client("handler").post(url, {"report_done-outcome": "for_now", "report_done-note": "先装了临时灯"})
    assert answer.status_code == 400
    assert "哪一天回看" in text(answer)
    assert "先装了临时灯" in text(answer)
    assert "reopen.js" in text(answer)
    assert town.fresh(case).state == "in_hand"
    assert town.client("handler").post(url, {"report_done-outcome": ""}).status_code == 422


def test_who_comes_second_sees_the_fresh_case_and_keeps_his_words(town: Town) -> None:
    case = town.drive(town.case(), "dispatched")
    url = f"/desk/cases/{case.code}/do/hand_on/"
    old = case.version
    actions.respond(case=town.fresh(case), by=town.actor("handler"), note="明天去看")
    sent = {"hand_on-version": old, "hand_on-body": town.bodies["roads"].pk, "hand_on-reason": "灯杆归城管"}
    answer = town.client("dispatcher").post(url, sent)
    assert answer.status_code == 409
    assert "刚刚有人更新过" in text(answer)
    assert "灯杆归城管" in text(answer)
    assert "明天去看" in text(answer)
    assert f'name="hand_on-version" value="{old + 1}"' in text(answer)
    assert town.client("dispatcher").post(url, sent, headers=PART).status_code == 422
    assert town.fresh(case).body_id == town.bodies["lighting"].pk


def test_words_typed_for_an_act_that_is_gone_can_be_copied(town: Town) -> None:
    case = town.case()
    town.drive(case, "dispatched")
    sent = {"refuse-version": "1", "refuse-ground": "not_ours", "refuse-note": "请找物业公司"}
    answer = town.client("dispatcher").post(f"/desk/cases/{case.code}/do/refuse/", sent)
    assert answer.status_code == 409
    assert "您刚才写的" in text(answer)
    assert "请找物业公司" in text(answer)


def test_an_act_without_the_duty_is_refused_in_words(town: Town) -> None:
    case = town.drive(town.case(), "dispatched")
    answer = town.client("checker").post(f"/desk/cases/{case.code}/do/take/", {"take-version": case.version})
    assert answer.status_code == 403
    assert "不归您办理" in text(answer)
    assert town.fresh(case).state == "dispatched"


def test_another_case_is_named_by_its_number(town: Town) -> None:
    case, into, foreign = town.case(), town.case(), town.case(point=IN_OTHER)
    desk = town.client("dispatcher")
    url = f"/desk/cases/{case.code}/do/merge/"
    for code in ("没有这个", foreign.code):
        answer = desk.post(url, {"merge-into": code, "merge-reason": "同一盏灯"})
        assert answer.status_code == 422
        assert "没有找到这个编号" in text(answer)
    assert desk.post(url, {"merge-into": case.code, "merge-reason": "同一盏灯"}).status_code == 400
    assert desk.post(url, {"merge-into": into.code.lower(), "merge-reason": "同一盏灯"}).status_code == 302
    assert town.fresh(case).merged_into_id == into.pk
    assert case.code in text(desk.get(f"/desk/cases/{into.code}/"))


def test_only_helpers_can_leave(town: Town) -> None:
    case = town.drive(town.case(), "dispatched")
    actions.add_helper(case=case, by=town.actor("dispatcher"), body=town.bodies["roads"])
    desk = town.client("dispatcher")
    url = f"/desk/cases/{case.code}/do/drop_helper/"
    assert desk.post(url, {"drop_helper-body": town.bodies["centre"].pk, "drop_helper-reason": "无关"}).status_code == 422
    assert desk.post(url, {"drop_helper-body": town.bodies["roads"].pk, "drop_helper-reason": "不用了"}).status_code == 302
    assert not case.helpers.filter(left_at=None).exists()


def named_case(town: Town) -> Case:
    return town.case(contact=Contact("王桂兰", "13887400001"))


def test_who_complained_is_opened_by_purpose_once_and_logged(town: Town) -> None:
    case = named_case(town)
    desk, url = town.client("dispatcher"), f"/desk/cases/{case.code}/reveal/"
    page = text(desk.get(f"/desk/cases/{case.code}/"))
    assert "王桂兰" not in page
    assert "13887400001" not in page
    reporter = Reporter.objects.get(case=case)
    refused = desk.post(url, {"reporter": reporter.pk, "purpose": "看"})
    assert refused.status_code == 400
    assert "为什么要联系" in text(refused)
    assert not Look.objects.exists()
    shown = desk.post(url, {"reporter": reporter.pk, "purpose": "约时间上门"})
    assert "13887400001" in text(shown)
    assert shown["Cache-Control"] == "no-store"
    assert Look.objects.get().purpose == "约时间上门"
    assert "13887400001" not in text(desk.get(f"/desk/cases/{case.code}/"))


@pytest.mark.parametrize("name", ["supervisor", "approver", "adjudicator"])
def test_who_does_not_work_on_it_never_opens_the_reporter(town: Town, name: str) -> None:
    case = named_case(town)
    url = f"/desk/cases/{case.code}/"
    assert "查看联系方式" not in text(town.client(name).get(url))
    answer = town.client(name).post(url + "reveal/", {"reporter": Reporter.objects.get(case=case).pk, "purpose": "想知道是谁"})
    assert answer.status_code == 403
    assert "13887400001" not in text(answer)
    assert not Look.objects.exists()


def test_the_one_who_works_does_not_read_what_is_said_inside(town: Town) -> None:
    case = town.case()
    actions.correct(case=case, by=town.actor("dispatcher"), reason="来电人情绪激动，先放一放", category_code="pothole")
    actions.accept(case=town.fresh(case), by=town.actor("dispatcher"))
    actions.dispatch(case=town.fresh(case), by=town.actor("dispatcher"), body=town.bodies["roads"], reason="归城管")
    url = f"/desk/cases/{case.code}/"
    assert "先放一放" in text(town.client("dispatcher").get(url))
    assert "先放一放" not in text(town.client("handler_2").get(url))


def test_many_at_once_each_on_its_own(town: Town) -> None:
    fresh, gone, foreign = town.case(), town.drive(town.case(), "dispatched"), town.case(point=IN_OTHER)
    desk = town.client("dispatcher")
    codes = [fresh.code, gone.code, foreign.code]
    page = text(desk.post("/desk/batch/", {"act": "accept", "id": codes, "next": "/desk/?late=1"}, follow=True))
    assert "已完成 1 件" in page
    assert "不能再“受理”" in page
    assert "没有找到" in page
    assert town.fresh(fresh).state == "accepted"
    assert town.fresh(foreign).state == "registered"
    assert "还没有勾选" in text(desk.post("/desk/batch/", {"act": "accept"}, follow=True))
    assert desk.post("/desk/batch/", {"act": "refuse", "id": codes}).status_code == 404
    away = desk.post("/desk/batch/", {"act": "accept", "id": codes, "next": "https://example.org/"})
    assert away["Location"] == "/desk/"


def test_the_desk_enters_for_somebody_and_reads_the_code_out(town: Town) -> None:
    clerk = town.client("clerk")
    form = {
        "channel": "phone", "description": "楼下路灯坏了", "category": "lamp", "lat": "25.05", "lng": "103.05",
        "address": "麒麟路1号", "name": "李大爷", "phone": "138 8740 0002", "idempotency_key": "k1",
    }  # fmt: skip
    wrong = clerk.post("/desk/new/", form | {"phone": "打不通"})
    assert wrong.status_code == 422
    assert "楼下路灯坏了" in text(wrong)
    for _time in range(2):
        done = clerk.post("/desk/new/", form, follow=True)
    case = Case.objects.get()
    assert case.channel == "phone"
    assert case.code in text(done)
    claim = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", text(done))
    assert claim
    assert clerk.get(f"/cases/{case.code}/").status_code == 404
    assert Client().post("/claim/", {"claim": claim[0]}, follow=True).status_code == 200
