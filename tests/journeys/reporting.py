"""Filing a report through the phone page, as every journey begins."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.people import Person

WHERE = "麒麟南路12号门口"
STREET = "南宁街道"
HOME = f"{STREET} · 麒麟社区"


def live_here(me: Person) -> None:
    """Say on the home page which community this is: maps then begin there."""
    page = me.open("/")
    if not page.get_by_role("button", name="选社区").count():
        return  # said before
    page.get_by_role("button", name="选社区").click()
    page.locator("#id_here").select_option(label=HOME)
    page.get_by_role("button", name="就是这里").click()
    expect(page.get_by_role("button", name="换一个")).to_be_visible()


def report(me: Person, words: str, *, photo: Path | None = None, anonymous: bool = False, pictures: bool = False, chip: str = "") -> str:
    """Write, photograph, tap the suggested category, put the pin, send; returns the number."""
    live_here(me)
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
    me.settled()
    found = re.search(r"/report/done/([^/]+)/", page.url)
    assert found
    return found[1]


def pin(me: Person) -> None:
    """Tap the map: the point gets an address in words."""
    box = me.page.locator(".leaflet-container")
    box.scroll_into_view_if_needed()
    box.locator("path.leaflet-interactive").first.click()  # the ground is drawn, or a tap has no place
    expect(me.page.locator("#id_lat")).not_to_have_value("")
    expect(me.page.locator("#where-words")).to_contain_text(re.compile("社区|村"))


def enter_on_behalf(clerk: Person) -> str:
    """Enter at the desk what somebody says on the telephone; returns the number to read out."""
    page = clerk.open("/desk/new/")
    page.get_by_label("什么事", exact=True).fill("老人打电话说单元门口的路灯不亮")
    page.get_by_label("反映人姓名").fill("王大爷")
    page.get_by_label("联系电话").fill("13800000000")
    pin(clerk)
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url("**/desk/new/done/")
    return page.locator("dd.gz-num").first.inner_text().split()[0]


def later(days: int) -> str:
    """A date to type into a form."""
    return (dt.date.today() + dt.timedelta(days=days)).isoformat()
