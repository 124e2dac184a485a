"""A resident on a phone: from the street to a number and a promised date, signed in or not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.people import PHONE, Person
from tests.journeys.reporting import STREET, WHERE, report
from tests.once import once

pytestmark = pytest.mark.journey
Open = Callable[..., Person]


def test_resident_reports(person: Open, photo: Path) -> None:
    me = person("resident", PHONE)
    me.open("/")
    me.picture("1-home")
    code = report(me, "小区门口的路灯坏了三天，晚上出门看不见台阶", photo=photo, pictures=True)
    page = me.page
    expect(page.get_by_text("我们收到了")).to_be_visible()
    expect(page.get_by_text(f"{STREET} · ")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d{4}年\d+月\d+日 \d+:\d{2} 前办好"))).to_be_visible()
    me.picture("4-number")
    page.get_by_role("link", name="看进展").click()
    expect(page.get_by_role("heading", name="办理经过")).to_be_visible()
    expect(page.get_by_text(code).first).to_be_visible()
    expect(page.locator("main img").first).to_be_visible()
    me.picture("5-case", full=True)
    me.open("/")
    expect(page.get_by_text("我最近的一件事")).to_be_visible()
    me.picture("6-home-with-my-case")
    me.open("/mine/")
    expect(page.locator(f"a[href='/cases/{code}/']")).to_be_visible()
    me.picture("7-mine")


@once
def test_guest_keeps_a_claim_code(person: Open, photo: Path) -> None:
    guest = person("", PHONE)
    code = report(guest, "楼下烧烤摊半夜还在吵，油烟飘进家里", photo=photo, anonymous=True)
    claim = guest.page.locator(".gz-claim-code").inner_text().strip()
    guest.picture("1-claim-code")

    elsewhere = person("", PHONE)
    page = elsewhere.open(f"/cases/{code}/")
    expect(page.get_by_text("办理经过")).to_have_count(0)
    elsewhere.picture("2-a-stranger-sees-nothing")
    page = elsewhere.open("/claim/")
    page.get_by_label("查询码").fill("AAAA-BBBB-CCCC")
    page.get_by_role("button", name="查进展").click()
    expect(page.get_by_label("查询码")).to_have_value("AAAA-BBBB-CCCC")
    elsewhere.picture("3-wrong-code")
    page.get_by_label("查询码").fill(claim.lower())
    page.get_by_role("button", name="查进展").click()
    expect(page.get_by_role("heading", name="办理经过")).to_be_visible()
    expect(page.get_by_text(code).first).to_be_visible()
    elsewhere.picture("4-case", full=True)


@once
def test_a_report_without_words_keeps_what_was_typed(person: Open) -> None:
    guest = person("", PHONE)
    page = guest.open("/report/")
    page.get_by_label("在哪里？").fill(WHERE)
    page.get_by_role("button", name="提交").click()
    guest.settled()
    expect(page.get_by_text("请写几句话，或拍一张照片").first).to_be_visible()
    expect(page.get_by_label("在哪里？")).to_have_value(WHERE)
    guest.picture("1-says-what-is-missing")
