"""The whole life of a case at the desk, every step by the person whose duty it is, each in a browser of his own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.people import DESK, PHONE, Person
from tests.journeys.reporting import later, report
from tests.once import once

pytestmark = pytest.mark.journey
Open = Callable[..., Person]


def test_life_of_a_case(person: Open, photo: Path) -> None:
    """Accept, dispatch by rule, sign, respond, extend, done, fail the check, done again, close, rate 2, reopen, rate 5."""
    resident = person("resident", PHONE)
    code = report(resident, "路灯不亮，晚上接孩子走路看不清台阶", photo=photo, chip="路灯不亮")
    dispatcher, lamps = person("dispatcher", DESK), person("lamps", DESK)
    checker, approver = person("checker", DESK), person("approver", DESK)

    dispatcher.open("/desk/")
    dispatcher.picture("01-inbox")
    dispatcher.case(code)
    dispatcher.act("accept", "已受理，请派给承办单位")
    dispatcher.act("dispatch", "已派单，承办单位会收到通知")
    expect(dispatcher.page.get_by_text("为什么派给它")).to_be_visible()
    expect(dispatcher.page.get_by_text("派遣规则第").first).to_be_visible()
    dispatcher.picture("02-dispatched-by-rule")

    lamps.case(code)
    lamps.act("take", "已签收，请按承诺时间办好")
    lamps.act("respond", "反映人能看到您的回复了", note="已到现场，灯头烧坏，明天换新的。", photos=photo)
    lamps.act("ask_extension", "已提交延期申请", until=later(9), reason="要等厂家把灯头送来")
    lamps.picture("03-asked-for-more-time")
    approver.open("/desk/")
    approver.page.get_by_role("link", name="待审批").click()
    expect(approver.page.get_by_text(code).first).to_be_visible()
    approver.case(code)
    approver.act("grant", "已同意，台账已登记", reason="同意，请按新日期办好")
    approver.open("/desk/registers/")
    approver.picture("04-register")
    finish(lamps, checker, code, photo, fails_first=True)

    page = resident.open(f"/cases/{code}/")
    resident.picture("07-please-rate", full=True)
    page.get_by_role("radio", name="不满意", exact=True).check()
    page.get_by_label("想说的话").fill("换了一盏，旁边那盏还是不亮")
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("谢谢您的评价")).to_be_visible()
    page.get_by_label("哪里没办好").fill("旁边那盏灯还是不亮")
    page.get_by_role("button", name="要求重新办理").click()
    expect(page.get_by_text("已要求重新办理")).to_be_visible()
    resident.picture("08-reopened")

    dispatcher.case(code)
    dispatcher.act("dispatch", "已派单")
    lamps.case(code)
    lamps.act("take", "已签收")
    finish(lamps, checker, code, photo)
    page = resident.open(f"/cases/{code}/")
    page.get_by_role("radio", name="很满意", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("谢谢您的评价")).to_be_visible()
    resident.picture("09-done-well", full=True)
    checker.case(code)
    expect(checker.page.get_by_text("5 分（满分 5 分）")).to_be_visible()
    checker.picture("10-the-whole-way", full=True)


def finish(handler: Person, checker: Person, code: str, photo: Path, *, fails_first: bool = False) -> None:
    """Report done, have it checked by somebody else (who may refuse once), close."""
    done = {"outcome": "实际解决", "note": "已换上新灯头，当晚亮灯。", "photos": photo}
    handler.case(code)
    handler.act("report_done", "已反馈，等别人核查", **done)
    expect(handler.page.locator("[data-open='act-pass_check']")).to_have_count(0)
    checker.case(code)
    if fails_first:
        checker.act("fail_check", "已退回承办单位继续办", reason="去看过了，灯亮一会儿又灭")
        checker.picture("05-failed-the-check")
        handler.case(code)
        handler.act("report_done", "已反馈，等别人核查", **done)
        checker.case(code)
    checker.act("pass_check", "核查通过，可以办结", note="晚上去看过，亮了。")
    checker.act("close", "已办结，请反映人评价")
    checker.picture("06-closed") if fails_first else None


@once
def test_a_return_is_disputed_and_ruled(person: Open) -> None:
    """The handler sends it back, the dispatcher objects, the district rules who must do it; then it is suspended."""
    resident = person("resident", PHONE)
    code = report(resident, "路灯灯杆歪了，风一吹就晃，怕砸到人", chip="路灯")
    dispatcher, lamps, adjudicator, approver = (person(name, DESK) for name in ("dispatcher", "lamps", "adjudicator", "approver"))
    dispatcher.case(code)
    dispatcher.act("accept", "已受理")
    dispatcher.act("dispatch", "已派单", body="麒麟区路灯管理所", reason="灯杆归路灯所")
    lamps.case(code)
    lamps.act("send_back", "已退回派遣员", reason="这根杆是通信公司的，不归我们")
    dispatcher.open("/desk/dispatch/")
    dispatcher.picture("1-board")
    dispatcher.case(code)
    dispatcher.act("object", "已提请权责裁定", reason="杆上有路灯编号")
    dispatcher.picture("2-objected")
    adjudicator.open("/desk/")
    adjudicator.page.get_by_role("link", name="我的待办").click()
    expect(adjudicator.page.get_by_text(code).first).to_be_visible()
    adjudicator.case(code)
    adjudicator.act("rule", "已裁定并派单", body="麒麟区路灯管理所", ground="权责清单第12条：带路灯编号的杆由路灯所管护")
    adjudicator.picture("3-ruled")
    lamps.case(code)
    lamps.act("take", "已签收")
    lamps.act("ask_suspension", "已提交暂缓申请", until=later(6), reason="等停电窗口才能动杆")
    approver.case(code)
    approver.act("deny", "已退回申请", reason="先加固再等停电")
    lamps.case(code)
    lamps.act("ask_suspension", "已提交暂缓申请", until=later(6), reason="已加固，等停电窗口换杆")
    approver.case(code)
    approver.act("grant", "已同意")
    page = resident.open(f"/cases/{code}/")
    expect(page.get_by_text("暂缓").first).to_be_visible()
    resident.picture("4-suspended", full=True)
    lamps.case(code)
    lamps.act("resume", "已恢复办理", note="停电安排好了")
    for name in ("returned", "ruled", "suspended"):
        approver.open(f"/desk/registers/{name}/")
        expect(approver.page.get_by_text(code).first).to_be_visible()
    approver.picture("5-register-of-suspended")
