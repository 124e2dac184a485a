"""A grid worker with a phone: what was found and settled on the spot, what was found and reported up, what was given to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from gongzhi.demo.district import district
from tests.journeys.people import DESK, PHONE, Person

pytestmark = pytest.mark.journey
Open = Callable[..., Person]
MY_GRID = next(one.point for one in district("small").compounds if one.grid_code == district("small").home_grid)


def found(worker: Person, words: str, photo: Path, *, done: str = "") -> None:
    page = worker.open("/found/")
    page.locator("[data-upload] [data-input]").set_input_files(photo)
    expect(page.locator("input[type=hidden][name=photos]")).to_have_count(1)
    page.get_by_label("发现了什么？").press_sequentially(words, delay=1)
    expect(page.locator("#suggest button.gz-pick").first).to_be_visible()
    page.locator("#suggest button.gz-pick").first.click()
    page.get_by_role("button", name="我的位置").click()
    expect(page.locator("#where-words")).to_contain_text("麒麟社区 · 第1网格")
    for select in page.locator("#questions select:required").all():
        select.select_option(index=1)
    if done:
        page.get_by_label("已当场办好").check()
        page.get_by_label("怎么办好的").fill(done)
        worker.picture("1-found", full=True)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/today/**")


def test_grid_worker_finds(person: Open, photo: Path) -> None:
    worker, dispatcher = person("gridworker", PHONE, at=MY_GRID), person("dispatcher", DESK)
    found(worker, "楼道口的路灯被树枝挡住不亮", photo, done="当场把树枝剪掉，灯亮了")
    expect(worker.page.get_by_text("现场办结，已记录")).to_be_visible()
    worker.picture("2-settled-on-the-spot")
    found(worker, "路灯灯罩碎了，要换新的", photo)
    said = worker.page.get_by_text(re.compile("已上报，编号")).inner_text()
    code = re.search(r"GZ-[\w-]+", said)
    assert code, said
    worker.picture("3-reported-up")

    page = dispatcher.open("/desk/?open=no&ours=1&q=被树枝挡住")
    expect(page.locator("a.gz-row-link").first).to_be_visible()
    dispatcher.case(code[0])
    expect(dispatcher.page.get_by_text("主动发现").first).to_be_visible()
    expect(dispatcher.page.get_by_text("网格员发现").first).to_be_visible()
    dispatcher.picture("4-at-the-desk")
    page = worker.open("/today/")
    worker.picture("5-today")
