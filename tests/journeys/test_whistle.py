"""A whistle from the call to the ratings: one late, one "not ours" ruled against, diagnosis, duties, end. The clock makes it late."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Wall
from tests.journeys.people import DESK, PHONE, Person
from tests.journeys.reporting import report
from tests.journeys.test_every_page import wrong_with
from tests.once import once

pytestmark = [pytest.mark.journey, once]
Open = Callable[..., Person]


@pytest.fixture(scope="module")
def instance(wall: Wall) -> str:
    return wall.url


def test_three_departments_are_called(person: Open, photo: Path, wall: Wall) -> None:
    street, lamps = person("dispatcher", DESK), person("lamps", DESK)
    code = report(person("resident", PHONE), "路灯不亮，灯下堆满垃圾，水也漫出来了", chip="路灯不亮")
    street.case(code)
    street.act("accept", "已受理")
    street.act("dispatch", "已派单")
    lamps.case(code)
    lamps.act("take", "已签收")

    path = call(street, code, wall)
    first, late, other = person("handler2", PHONE), person("sanitation", PHONE), person("water", PHONE)
    first.open("/whistles/")
    expect(first.page.get_by_text(path.split("/")[2])).to_be_visible()
    first.picture("02-called")
    coming(first, path, "城市管理局", "answer", "已响应，请按时到场", note="马上出发")
    coming(other, path, "供水公司", "dispute", "已提请裁定", reason="漫水来自雨水口，不是供水管", ground="权责清单第 12 项")
    other.picture("03-not-ours", full=True)

    wall.pass_by(minutes=40)  # an answer was owed within thirty
    street.open(path)
    expect(street.page.get_by_text("无人响应，提级").first).to_be_visible()
    coming(late, path, "环卫站", "answer", "已响应", note="来晚了，抱歉")
    expect(column(late, "环卫站").get_by_text("迟到 1", exact=False)).to_be_visible()
    judge = person("adjudicator", DESK)
    judge.open("/whistles/?tab=disputed")
    judge.picture("04-to-rule")
    coming(
        judge, path, "供水公司", "rule_theirs", "裁定已送达", ground="第 12 项第 2 款：井盖下是供水阀", be_there_at=wall.typed(minutes=50)
    )

    for one, name in ((first, "城市管理局"), (other, "供水公司")):
        come(one, path, name)
    wall.pass_by(minutes=90)  # half an hour too late
    come(late, path, "环卫站")
    expect(column(late, "环卫站").get_by_text("迟到 1 小时").first).to_be_visible()
    late.picture("05-late-on-site", full=True)

    street.open(path)
    street.act("diagnose", "会诊结论已记录", findings="阀门漏水泡坏了灯座，垃圾堵了雨水口", lead=f"{DISTRICT}供水公司")
    work = (("供水公司", "换阀门"), ("环卫站", "清运垃圾"), ("城市管理局", "劝离占道摊位"))
    for name, words in work:
        street.act("add_duty", "任务已分派", body=f"{DISTRICT}{name}", words=words, due=wall.typed(hours=20))
    street.picture("06-shared-out", full=True)
    street.open(path)
    refused(street, "end", "还有任务没有办好", outcome="先散了")

    do(first, path, "劝离占道摊位", "report_duty", "已反馈", result="已劝离", photos=photo)
    wall.pass_by(days=2)
    for one, (_name, words) in zip((other, late), work, strict=False):
        do(one, path, words, "report_duty", "已反馈", result="办好了", photos=photo)
    expect(duty(late, "清运垃圾").get_by_text("迟到", exact=False).first).to_be_visible()
    for _name, words in work:
        do(street, path, words, "accept_duty", "已确认")
    street.open(path)
    refused(street, "end", "事不完人不撤", outcome="先散了")

    lamps.case(code)
    lamps.act("report_done", "已反馈，等别人核查", outcome=1, note="灯座换好，亮了")
    street.open(path)
    street.act("end", "已解除，请双方评价", outcome="漏水、垃圾、占道一次办完")
    street.act("rate", "谢谢您的评价", about=f"{DISTRICT}供水公司", stars=4, words="先说不归自己管")
    for one in (first, late, other):
        one.open(path)
        one.act("rate", "谢谢您的评价", about="南宁街道办事处", stars=1)
    street.open(path)
    street.picture("07-ended", full=True)
    first.open(path)
    first.picture("08-ended-on-the-phone", full=True)
    assert not wrong_with(street, path)
    paper = street.context.request.get(f"{street.base}{path}record.pdf")
    assert paper.body().startswith(b"%PDF")


DISTRICT = "麒麟区"


def call(street: Person, code: str, wall: Wall) -> str:
    """Blow the whistle from the page of the case; returns the address of the whistle."""
    page = street.case(code)
    page.get_by_role("link", name="吹哨", exact=True).last.click()
    page.wait_for_url("**/whistles/new/**")
    street.settled()
    page.get_by_label("哪一种").select_option(label="联合执法")
    page.get_by_label("请他们来办什么").fill("路灯、漏水、垃圾搅在一起，请一起来看")
    for name in ("城市管理局", "环卫站", "供水公司"):
        choose(street, f"{DISTRICT}{name}")
    page.get_by_label("几点到场").fill(wall.typed(minutes=60))
    street.picture("01-call", full=True)
    page.get_by_role("button", name="吹哨", exact=True).click()
    page.wait_for_url(re.compile(r"/whistles/CS-[\w-]+/$"))
    street.settled()
    return re.sub(r"^.*(/whistles/)", r"\1", page.url)


def choose(someone: Person, name: str) -> None:
    someone.page.locator(".ts-control").click()
    someone.page.keyboard.insert_text(name)
    someone.page.locator(".ts-dropdown [data-selectable]").filter(has_text=name).first.click()
    someone.page.keyboard.press("Escape")


def column(someone: Person, name: str):  # type: ignore[no-untyped-def]
    return someone.page.get_by_role("region", name=f"{DISTRICT}{name}")


def duty(someone: Person, words: str):  # type: ignore[no-untyped-def]
    return someone.page.locator(".gz-log-duty").filter(has_text=words)


def named(box, name: str) -> str:  # type: ignore[no-untyped-def]
    """The name of an act's form in one part of the page."""
    button = box.locator(f"[data-open^='act-{name}-']").first
    return str(button.get_attribute("data-open")).removeprefix("act-")


def coming(someone: Person, path: str, name: str, act: str, said: str, **values: str) -> None:
    someone.open(path)
    someone.act(named(column(someone, name), act), said, **values)


def do(someone: Person, path: str, words: str, act: str, said: str, **values: str | Path) -> None:
    someone.open(path)
    someone.act(named(duty(someone, words), act), said, **values)


def come(someone: Person, path: str, name: str) -> None:
    """Report in with the position of this moment."""
    page = someone.open(path)
    spot = page.locator("[data-lat][data-lng]").first
    someone.context.grant_permissions(["geolocation"])
    lat, lng = (float(str(spot.get_attribute(f"data-{one}"))) for one in ("lat", "lng"))
    someone.context.set_geolocation({"latitude": lat + 0.0005, "longitude": lng})
    act = named(column(someone, name), "arrive")
    page.locator(f"[data-open='act-{act}']").click()
    dialog = page.locator(f"#act-{act}")
    dialog.get_by_role("button", name="取一次现在的位置").click()
    expect(dialog.get_by_text("已取到位置")).to_be_visible()
    dialog.get_by_role("button", name="到场报到").click()
    expect(page.locator("[data-toasts]").get_by_text("已报到")).to_be_visible()


def refused(someone: Person, act: str, said: str, **values: str) -> None:
    """An act that is answered with a sentence, and what was typed stays."""
    page = someone.page
    page.locator(f"[data-open='act-{act}']").click()
    for key, value in values.items():
        page.locator(f"#act-{act} [name='{act}-{key}']").fill(value)
    page.locator(f"#act-{act} form button.btn-primary").click()
    expect(page.get_by_text(said, exact=False).first).to_be_visible()
