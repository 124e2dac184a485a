"""The foundation in a real browser: axe finds nothing, the policy stops nothing of ours, drafts and the outbox keep what was typed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from gongzhi.kernel.models.attachments import Attachment
from tests.once import once

pytestmark = [pytest.mark.journey, once, pytest.mark.django_db(transaction=True)]
PHONE, DESK, BOARD = {"width": 390, "height": 844}, {"width": 1440, "height": 900}, {"width": 1920, "height": 1080}
NARROWEST = {"width": 360, "height": 740}
PHOTO = Path(__file__).parents[1] / "photo.png"


class Watched:
    """A page that notes what went wrong: errors, and what the security policy refused."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base, self.trouble = page, base, list[str]()
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", lambda message: self.trouble.append(message.text) if message.type == "error" else None)

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture
def watched(browser: Browser, live_server: Any) -> Iterator[Any]:
    contexts = []

    def make(size: dict[str, int], **more: Any) -> Watched:
        context = browser.new_context(viewport=size, locale="zh-CN", **more)  # type: ignore[arg-type]
        contexts.append(context)
        return Watched(context.new_page(), live_server.url)

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/styleguide", PHONE),
        ("/styleguide", NARROWEST),
        ("/styleguide/part", PHONE),
        ("/styleguide/desk?pane=1&toast=1", DESK),
        ("/styleguide/desk", NARROWEST),
        ("/styleguide/board", BOARD),
        ("/styleguide/paper", DESK),
        ("/styleguide/error/404", PHONE),
        ("/contact", PHONE),
        ("/api/v1/docs", PHONE),
        ("/api/v1/docs", NARROWEST),
        ("/api/v1/docs", DESK),
    ],
)
def test_axe_finds_nothing_and_nothing_overflows(watched: Any, path: str, size: dict[str, int]) -> None:
    one = watched(size)
    page = one.open(path)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert one.trouble == []


def test_targets_of_the_phone_can_be_hit_with_a_thumb(watched: Any) -> None:
    page = watched(PHONE).open("/styleguide")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, a.btn, .gz-tabbar-item, select, textarea, input.form-control')]
            .filter(e => e.checkVisibility() && !e.closest('.leaflet-container') && e.getBoundingClientRect().height < 40)
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_keyboard_moves_ticks_opens_and_closes_at_the_desk(watched: Any) -> None:
    one = watched(DESK)
    page = one.open("/styleguide/desk")
    batch = page.locator("[data-batch]")
    expect(batch).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(batch).to_be_visible()
    expect(batch.locator("[data-batch-count]")).to_have_text("1")
    page.keyboard.press("Enter")
    expect(page.locator("#pane article")).to_be_visible()
    assert "pane=1" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("#pane article")).to_have_count(0)
    assert "pane" not in page.url
    page.locator("[data-tick-all]").check()
    expect(batch.locator("[data-batch-count]")).to_have_text("8")
    page.get_by_role("button", name="取消选择").click()
    expect(batch).to_be_hidden()
    assert one.trouble == []


def test_an_act_that_asks_first_does_nothing_on_no(watched: Any) -> None:
    page = watched(PHONE).open("/styleguide")
    page.get_by_role("button", name="作废").click()
    dialog = page.get_by_role("dialog", name="确定作废这件事吗？")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="再想想").click()
    expect(dialog).to_have_count(0)


def test_a_draft_survives_a_closed_page_and_is_cleared_by_its_owner(watched: Any) -> None:
    one = watched(PHONE)
    page = one.open("/styleguide")
    page.get_by_label("出了什么事").fill("3号楼东侧路灯坏了")
    page.get_by_label("电话", exact=True).check()
    page.wait_for_function("Object.keys(localStorage).some(key => key.startsWith('gz:draft:guest:styleguide'))")
    key = page.locator("form[data-draft] [name=idempotency_key]").input_value()
    page = one.open("/contact")
    page = one.open("/styleguide")
    expect(page.get_by_label("出了什么事")).to_have_value("3号楼东侧路灯坏了")
    expect(page.get_by_label("电话", exact=True)).to_be_checked()
    assert page.locator("form[data-draft] [name=idempotency_key]").input_value() == key
    page.get_by_role("button", name="清空重写").click()
    expect(page.get_by_label("出了什么事")).to_have_value("")


def test_a_form_error_keeps_what_was_typed_and_takes_the_focus(watched: Any) -> None:
    page = watched(PHONE).open("/styleguide")
    form = page.locator("form[data-draft]")
    form.get_by_label("出了什么事").fill("井盖响")
    form.get_by_label("手机号").fill("138")
    form.get_by_role("button", name="送出").click()
    page.wait_for_load_state("networkidle")
    expect(form.get_by_label("出了什么事")).to_have_value("井盖响")
    expect(form.locator("[role=alert]").first).to_be_focused()
    expect(form.get_by_label("手机号")).to_have_attribute("aria-invalid", "true")
    assert page.locator(".gz-draft-note").count() == 0


def fill_without_a_signal(page: Page) -> list[str]:
    """Write and send the sample form while offline; returns the list that later posts are noted in."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    page.context.set_offline(True)
    page.locator("[data-upload] [data-input]").set_input_files(PHOTO)
    expect(page.get_by_text("有信号时再传")).to_be_visible()
    page.get_by_label("出了什么事").fill("没有信号时写的")
    page.locator("form[data-draft]").get_by_label("手机号").fill("13800000000")
    page.get_by_role("button", name="送出").click()
    expect(page.locator(".gz-outbox")).to_contain_text("1")
    expect(page.get_by_label("出了什么事")).to_have_value("")
    return sent


def test_without_a_signal_words_and_photo_wait_and_go_out_once(watched: Any, client: Client, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create(username="li"))
    one = watched(PHONE)
    one.page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": one.base}])
    page = one.open("/styleguide")
    sent = fill_without_a_signal(page)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("刚才存下的已经送出")).to_be_visible()
    expect(page.locator(".gz-outbox")).to_be_hidden()
    assert Attachment.objects.count() == 1
    said = [body for body in sent if "没有信号时写的" in body]
    assert len(said) == 1
    assert len(re.findall(r'name="photos"', said[0])) == 1
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".gz-outbox")).to_be_hidden()
    assert len([body for body in sent if "没有信号时写的" in body]) == 1


def test_a_guest_sends_what_waited_himself_and_sees_the_answer(watched: Any) -> None:
    page = watched(PHONE).open("/styleguide")
    fill_without_a_signal(page)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator(".gz-outbox").click()
    page.wait_for_url("**/styleguide?sent=1")
    expect(page.get_by_text("已派给街道城管科，承诺11月28日前办好")).to_be_visible()
    expect(page.locator(".gz-outbox")).to_be_hidden()


def test_a_taken_form_forgets_its_draft(watched: Any) -> None:
    page = watched(PHONE).open("/styleguide")
    page.get_by_label("出了什么事").fill("井盖响")
    page.locator("form[data-draft]").get_by_label("手机号").fill("13800000000")
    page.get_by_role("button", name="送出").click()
    page.wait_for_url("**/styleguide?sent=1")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("出了什么事")).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('gz:draft')).length") == 0


def test_first_view_of_a_phone_page_is_light(watched: Any) -> None:
    one = watched(PHONE)
    sizes: dict[str, int] = {}

    def note(response: Any) -> None:
        body = response.body()
        compressible = re.search(r"text|javascript|json|svg", response.headers.get("content-type", ""))
        sizes[response.url] = len(gzip.compress(body, 9)) if compressible else len(body)

    one.page.on("response", note)
    one.open("/contact")
    total = sum(sizes.values())
    assert total < 200_000, sorted(sizes.items(), key=lambda item: -item[1])[:5]  # leaves 100 kB of the 300 to a page


def test_elder_mode_shows_one_thing_a_screen(watched: Any) -> None:
    page = watched(PHONE).open("/styleguide")
    page.get_by_role("button", name="长者版").click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    form = page.locator("form[data-one-by-one]")
    expect(page.get_by_role("link", name="联系社区")).to_be_visible()
    expect(form.get_by_label("手机号")).to_be_hidden()
    onward = form.get_by_role("button", name="下一步")
    onward.evaluate("button => button.scrollIntoView({block: 'center'})")  # out from under the bar, as a thumb would
    onward.click()
    expect(form.get_by_label("出了什么事")).to_be_visible()  # it is required: one does not go on without it
    form.get_by_label("出了什么事").fill("路灯不亮")
    onward.click()
    expect(form.get_by_label("出了什么事")).to_be_hidden()
    assert Axe().run(page).response["violations"] == []
