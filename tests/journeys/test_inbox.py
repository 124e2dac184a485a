"""The inbox: filters in the URL, keys instead of the mouse, one act on many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.people import DESK, PHONE, Person
from tests.journeys.reporting import report
from tests.once import once

pytestmark = pytest.mark.journey
Open = Callable[..., Person]


@once
def test_filters_live_in_the_address(person: Open) -> None:
    dispatcher = person("dispatcher", DESK)
    page = dispatcher.open("/desk/")
    page.locator("summary", has_text="进展").click()
    page.get_by_role("link", name="办理中", exact=True).click()
    page.wait_for_url("**state=in_hand**")
    words = set(page.locator("tbody tr td:nth-child(5)").all_inner_texts())
    assert {word.strip() for word in words} == {"办理中"}
    page.locator("summary", has_text="来源").click()
    page.get_by_role("link", name="电话").first.click()
    page.wait_for_url("**channel=phone**")
    assert "state=in_hand" in page.url
    dispatcher.picture("1-two-filters")
    first = page.locator("a.gz-row-link").count()
    page.reload()
    expect(page.locator("a.gz-row-link")).to_have_count(first)
    page.go_back()
    page.wait_for_url("**state=in_hand**")
    assert "channel" not in page.url


@once
def test_keys_and_one_act_on_many(person: Open) -> None:
    resident, dispatcher = person("villager", PHONE), person("dispatcher", DESK)
    codes = [report(resident, f"批量受理的路灯第{number}盏不亮", chip="路灯不亮") for number in (1, 2)]
    page = dispatcher.open("/desk/?state=registered&q=批量受理的路灯")
    expect(page.locator("a.gz-row-link")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#pane [data-case]")).to_be_visible()
    assert "/desk/cases/" in page.url
    dispatcher.picture("1-case-beside-the-list")
    page.keyboard.press("Escape")
    expect(page.locator("#pane [data-case]")).to_have_count(0)
    page.locator("[data-tick-all]").check()
    expect(page.locator("[data-batch-count]")).to_have_text("2")
    dispatcher.picture("2-two-ticked")
    page.locator("[data-batch]").get_by_role("button", name="受理").click()
    dispatcher.settled()
    expect(page.locator("[data-toasts]")).to_contain_text("2")
    dispatcher.picture("3-both-accepted")
    for code in codes:
        expect(resident.open(f"/cases/{code}/").get_by_text("已受理").first).to_be_visible()
