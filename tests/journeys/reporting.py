"""Filing a report through the phone page, as every journey begins."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.people import Person

WHERE = "麒麟南路12号门口"


def report(me: Person, words: str, *, photo: Path | None = None, anonymous: bool = False, pictures: bool = False, chip: str = "") -> str:
    """Write, photograph, tap the suggested category, put the pin, send; returns the number."""
    page = me.open("/report/")
    if pictures:
        me.picture("2-empty-report")
    page.get_by_label("发生了什么事？").press_sequentially(words, delay=1)
    suggested = page.locator("#suggest button.gz-pick")
    expect(suggested.first).to_be_visible()
    (suggested.filter(has_text=chip) if chip else suggested).first.click()
    expect(page.locator("#id_category")).not_to_have_value("")
    if photo:
        page.locator("[data-upload] [data-input]").set_input_files(photo)
        expect(page.locator("input[type=hidden][name=photos]")).to_have_count(1)
    pin(me)
    page.get_by_label("在哪里？").fill(WHERE)
    for select in page.locator("#questions select:required").all():
        select.select_option(index=1)
    if anonymous:
        page.get_by_label("匿名反映").check()
    if pictures:
        me.picture("3-filled-report", full=True)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/report/done/**")
    page.wait_for_load_state("networkidle")
    found = re.search(r"/report/done/([^/]+)/", page.url)
    assert found
    return found[1]


def pin(me: Person) -> None:
    """Tap the map: the point gets an address in words."""
    box = me.page.locator(".leaflet-container")
    box.scroll_into_view_if_needed()
    box.click(position={"x": 150, "y": 80})
    expect(me.page.locator("#id_lat")).not_to_have_value("")
    expect(me.page.locator("#where-words")).not_to_be_empty()
