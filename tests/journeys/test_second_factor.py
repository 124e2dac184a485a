"""The second factor in a browser: switched on, shown, renewed, asked for at the next sign-in; axe finds nothing on any of its pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from gongzhi.accounts.models import User
from tests.journeys.people import DESK, PHONE, Person
from tests.once import once

pytestmark = [pytest.mark.journey, once, pytest.mark.django_db(transaction=True)]
SECRET_WORD = "Lamp-on-the-corner-3"
AXE = Axe().axe_script


def looked_at(person: Person, step: str) -> None:
    """The page that stands there: axe at both sizes, no overflow, a picture."""
    page = person.settled()
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.evaluate(AXE)
        rules = page.evaluate('axe.run({resultTypes: ["violations"]})')["violations"]
        assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in rules] == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    person.picture(step)


def code_now(secret: str) -> str:
    """What the person's app shows at this moment."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def send(person: Person) -> None:
    person.page.locator("main form button[type=submit], main form button:not([type])").first.click()
    person.settled()


def sign_in(person: Person, word: str) -> None:
    person.open("/accounts/login/")
    person.page.locator("input[name=login]").fill("operator")
    person.page.locator("input[name=password]").fill(word)
    person.page.locator("form:has(input[name=password]) button").first.click()
    person.settled()


def test_second_factor(browser: Browser, live_server: Any, pictures: Path) -> None:
    user = User(username="operator", display_name="系统员", is_staff=True, is_superuser=True)
    user.set_password(SECRET_WORD)
    user.save()
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai")
    person = Person(context, live_server.url, pictures, "second-factor", PHONE)
    page = person.page
    sign_in(person, SECRET_WORD)
    person.open("/accounts/2fa/")
    looked_at(person, "index")
    person.open("/accounts/2fa/totp/activate/")
    looked_at(person, "password-first")
    page.locator("input[name=password]").fill(SECRET_WORD)
    send(person)
    looked_at(person, "activate")
    secret = page.locator("input[readonly], input[disabled]").first.input_value()
    page.locator("input[name=code]").fill(code_now(secret))
    send(person)
    looked_at(person, "activated")
    assert user.authenticator_set.count() == 2
    person.open("/accounts/2fa/recovery-codes/")
    looked_at(person, "codes")
    person.open("/accounts/2fa/recovery-codes/generate/")
    looked_at(person, "renew")
    person.open("/accounts/2fa/reauthenticate/")
    looked_at(person, "again")
    person.open("/accounts/2fa/totp/deactivate/")
    looked_at(person, "switch-off")
    context.clear_cookies()
    sign_in(person, SECRET_WORD)
    assert "2fa/authenticate" in page.url
    looked_at(person, "asked")
    assert not person.trouble, person.trouble
    context.close()
