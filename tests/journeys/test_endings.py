"""The other endings: refused with a paper, referred to its legal way, answered at once, merged, long-term, void."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.people import DESK, PHONE, Person
from tests.journeys.reporting import later, report
from tests.once import once

pytestmark = pytest.mark.journey
Open = Callable[..., Person]


@once
def test_refused_referred_answered(person: Open) -> None:
    """What is not dispatched is answered in words, and the paper can be printed by both sides."""
    resident, clerk = person("neighbour", PHONE), person("clerk", DESK)
    refused, referred, answered = (report(resident, words, chip="路灯") for words in ("路灯款分家产", "路灯工程欠我工钱", "路灯几点开"))
    clerk.case(refused)
    clerk.page.locator("[data-open='act-refuse']").click()
    clerk.picture("1-refusal-form")
    clerk.page.locator("#act-refuse [data-close]").first.click()
    clerk.act("refuse", "已出具告知书，可以打印", ground=1, note="这是家里的财产分割，请走人民调解或法院。")
    clerk.picture("2-refused")
    assert paper(clerk, "告知书").startswith(b"%PDF-")
    clerk.case(referred)
    clerk.act("refer", "已告知反映人应走的途径", route=1, note="欠薪请到劳动监察大队，电话 12333。")
    clerk.case(answered)
    clerk.act("answer", "已答复反映人", note="路灯夏天 19:30 开、6:30 关。")

    page = resident.open(f"/cases/{refused}/")
    expect(page.get_by_text("请走人民调解或法院").first).to_be_visible()
    resident.picture("3-refused", full=True)
    notice = resident.page.get_by_role("link", name="告知书")
    assert resident.context.request.get(resident.base + str(notice.get_attribute("href"))).body().startswith(b"%PDF-")
    page = resident.open(f"/cases/{referred}/")
    expect(page.get_by_text("劳动监察大队").first).to_be_visible()
    page = resident.open(f"/cases/{answered}/")
    page.get_by_role("radio", name="满意", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("谢谢您的评价")).to_be_visible()


def paper(person: Person, name: str) -> bytes:
    """The bytes of a paper offered on the page that is open."""
    href = person.page.get_by_role("link", name=name).get_attribute("href")
    return person.context.request.get(person.base + str(href)).body()


@once
def test_merged_keeps_every_reporter_informed(person: Open) -> None:
    first, second, dispatcher = person("resident", PHONE), person("neighbour", PHONE), person("dispatcher", DESK)
    kept = report(first, "楼下路灯不亮已经一周", chip="路灯不亮")
    merged = report(second, "路灯坏了没人修", chip="路灯不亮")
    dispatcher.case(kept)
    dispatcher.act("accept", "已受理")
    dispatcher.case(merged)
    dispatcher.act("merge", "已并案，反映人都会收到进展", into=kept, reason="同一盏灯")
    dispatcher.picture("1-merged")
    dispatcher.case(kept)
    expect(dispatcher.page.get_by_text("2 人反映")).to_be_visible()
    page = second.open(f"/cases/{merged}/")
    expect(page.get_by_text("已并案").first).to_be_visible()
    second.picture("2-the-merged-one", full=True)
    dispatcher.act("dispatch", "已派单", note="路灯所今天去看。")
    page = second.open(f"/cases/{kept}/")
    expect(page.get_by_text("路灯所今天去看").first).to_be_visible()
    page = second.open("/notices")
    expect(page.locator("main")).to_contain_text(kept)


@once
def test_listed_as_long_term_and_void(person: Open) -> None:
    resident, dispatcher = person("resident", PHONE), person("dispatcher", DESK)
    listed, void = report(resident, "整条街的路灯都该换新的", chip="路灯"), report(resident, "路灯测试发错了", chip="路灯")
    lamps, approver = person("lamps", DESK), person("approver", DESK)
    dispatcher.case(listed)
    dispatcher.act("accept", "已受理")
    dispatcher.act("dispatch", "已派单", body="麒麟区路灯管理所", reason="归路灯所")
    lamps.case(listed)
    lamps.act("take", "已签收")
    lamps.act("ask_listing", "已提交挂账申请", until=later(90), reason="要列入明年的改造计划")
    approver.case(listed)
    approver.act("grant", "已同意", reason="同意挂账，季度回看")
    page = resident.open(f"/cases/{listed}/")
    expect(page.get_by_text("挂账").first).to_be_visible()
    resident.picture("1-long-term", full=True)
    dispatcher.case(void)
    dispatcher.act("ask_void", "已提交作废申请", reason="反映人说发错了")
    approver.case(void)
    approver.act("grant", "已同意")
    approver.picture("2-void")
    approver.open("/desk/registers/void/")
    expect(approver.page.get_by_text(void).first).to_be_visible()
