"""The picture that the README opens with: the desk and a resident's phone of this build, side by side."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.instance import ROOT
from tests.journeys.people import DESK, PHONE, Person
from tests.once import once

pytestmark = [pytest.mark.journey, once]
MOST_BYTES = 300_000


def test_readme_picture(person: Callable[..., Person], pictures: Path) -> None:
    dispatcher, resident = person("dispatcher", DESK), person("resident", PHONE)
    page = dispatcher.open("/desk/?state=registered&state=accepted&state=dispatched&state=reported")
    page.locator("tr", has_text="已派单").locator("a.gz-row-link").first.click()
    expect(page.locator("#pane .leaflet-container path").first).to_be_attached()
    dispatcher.settled()
    desk = pictures / "readme-desk.png"
    page.screenshot(path=desk, caret="initial")
    page = resident.open("/mine/")
    ended = page.get_by_role("link").filter(has_text=re.compile("已办结|已评价"))
    while not ended.count():  # what other journeys reported meanwhile stands before it
        page.get_by_role("link", name="下一页").click()
        resident.settled()
    ended.first.click()
    expect(page.get_by_role("heading", name="办理经过")).to_be_visible()
    resident.settled()
    phone = pictures / "readme-phone.png"
    page.screenshot(path=phone, caret="initial")
    picture = side_by_side(Image.open(desk), Image.open(phone), pictures / "readme.jpg")
    assert picture.stat().st_size < MOST_BYTES
    if os.environ.get("GONGZHI_DRAW"):
        (ROOT / "docs" / "pictures").mkdir(exist_ok=True)
        (ROOT / "docs" / "pictures" / "readme.jpg").write_bytes(picture.read_bytes())


def side_by_side(desk: Image.Image, phone: Image.Image, target: Path) -> Path:
    """Both on one quiet ground, at the same height."""
    margin, height = 28, 844
    desk = desk.convert("RGB").resize((desk.width * height // desk.height, height), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", (desk.width + phone.width + 3 * margin, height + 2 * margin), (225, 228, 232))
    ground.paste(desk, (margin, margin))
    ground.paste(phone.convert("RGB"), (desk.width + 2 * margin, margin))
    ground.save(target, "JPEG", quality=84, optimize=True, progressive=True)
    return target
