"""A person at a page: signs in with one tap, opens, does, and takes pictures of what is seen."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TypedDict

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Locator, Page, Response, expect


class Size(TypedDict):
    width: int
    height: int


PHONE: Size = {"width": 390, "height": 844}
DESK: Size = {"width": 1440, "height": 900}
BOARD: Size = {"width": 1920, "height": 1080}
RESTLESS = """() => {
  const near = (one) => {
    const box = one.getBoundingClientRect();
    return one.checkVisibility() && box.top < innerHeight - 40 && box.bottom > 40;
  };
  const unmounted = [...document.querySelectorAll("[data-module]:not([data-mounted])")].some(near);
  return [!!document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling"), unmounted];
}"""
"""Does htmx still ask or swap; does a behaviour in sight still wait for its module."""
EXPECTED = re.compile(r"status of (403|404|409|422)")
"""A refusal in words is a page too; the browser notes its status as an error of loading."""


class Person:
    """Somebody's browser. `trouble` holds what went wrong in it: script errors, what the policy refused, answers of 500."""

    def __init__(self, context: BrowserContext, base: str, pictures: Path, journey: str, size: Size) -> None:
        self.context, self.base, self.pictures, self.journey = context, base, pictures, journey
        self.size, self.trouble = size, list[str]()
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.trouble.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._heard)
        self.page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.trouble.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.trouble.append(f"{response.url}: {response.status}")

    def sign_in(self, name: str) -> None:
        """One tap on the name at the sign-in page."""
        self.open("/accounts/login/")
        button = f"button[name=username][value='{name}'], form:has(input[name=username][value='{name}']) button"
        self.page.locator(button).first.click()
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.settled()

    def settled(self) -> Page:
        """The page once it has loaded, its visible behaviours stand and htmx asks nothing."""
        self.page.wait_for_load_state()
        for turn in range(160):
            busy, unmounted = self._restless()
            if not busy and (not unmounted or turn > 40):  # what a scrolled box hides waits until it is seen
                return self.page
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{self.page.url} does not come to rest")

    def _restless(self) -> tuple[bool, bool]:
        try:
            busy, unmounted = self.page.evaluate(RESTLESS)
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            return True, True  # on its way to the next page
        return busy, unmounted

    def picture(self, step: str, *, full: bool = False) -> None:
        """What is seen now, to build/pictures/<journey>-<step>-<size>.png. `full` grows the window: bars stay at its edges."""
        path = self.pictures / f"{self.journey}-{step}-{self.size['width']}x{self.size['height']}.png"
        if full:
            height = int(self.page.evaluate("document.documentElement.scrollHeight"))
            self.page.set_viewport_size({"width": self.size["width"], "height": max(height, self.size["height"])})
        self.page.screenshot(path=path, caret="initial")
        if full:
            self.page.set_viewport_size(self.size)  # type: ignore[arg-type]

    def case(self, code: str) -> Page:
        """The case at the desk."""
        return self.open(f"/desk/cases/{code}/")

    def act(self, name: str, said: str, **values: str | int | Path) -> None:
        """Do one act on the case that is open: its button, its form, its send; `said` is what the page answers."""
        page = self.page
        page.locator(f"[data-open='act-{name}']").last.click()
        dialog = page.locator(f"#act-{name}")
        for key, value in values.items():
            fill(dialog, name, key, value)
        dialog.locator("form button.btn-primary, form button.gz-btn-danger").click()
        expect(page.locator("[data-toasts]").get_by_text(said).first).to_be_visible()
        self.settled()


def fill(dialog: Locator, act: str, key: str, value: str | int | Path) -> None:
    """Fill one field of an act's form as a person would; a number chooses by place in the list."""
    if isinstance(value, Path):
        dialog.locator("[data-upload] [data-input]").set_input_files(value)
        expect(dialog.locator(f"input[type=hidden][name='{act}-{key}']")).to_have_count(1)
        return
    field = dialog.locator(f"[name='{act}-{key}']")
    kind = field.evaluate("e => e.tomselect ? 'picker' : e.tagName")
    if kind == "picker":
        picker = dialog.locator(f".gz-field:has([name='{act}-{key}']) .ts-wrapper")
        picker.locator(".ts-control").click()
        picker.page.keyboard.insert_text(str(value))
        picker.locator(".ts-dropdown [data-selectable]").filter(has_text=str(value)).first.click()
    elif kind == "SELECT":
        field.select_option(index=value) if isinstance(value, int) else field.select_option(label=str(value))
    else:
        field.fill(str(value))


def draw_photo(path: Path) -> Path:
    """A dark street with one dead lamp: noise and light enough that it weighs what a photograph weighs."""
    rng, image = random.Random(3), Image.effect_noise((1200, 900), 34).convert("RGB")
    shade = Image.new("RGB", image.size, (28, 34, 52))
    picture = Image.blend(image, shade, 0.78)
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 900), (420, 470), (780, 470), (1200, 900)], fill=(46, 48, 56))
    for x in (150, 330, 880, 1050):
        draw.rectangle([x, 150 + rng.randrange(80), x + 130, 560], fill=(36, 40, 54))
        for row in range(6):
            if rng.random() < 0.6:
                draw.rectangle([x + 20, 260 + row * 46, x + 44, 284 + row * 46], fill=(214, 180, 108))
    draw.rectangle([596, 180, 604, 640], fill=(16, 18, 24))
    draw.ellipse([572, 150, 628, 190], fill=(70, 72, 80))
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(path, "JPEG", quality=88)
    return path
