"""A gateway that keeps what it was given, a fresh cache (rate limits count in it), one user."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from gongzhi.accounts.models import User

PASSWORD = "correct horse"


class Kept:
    """Keeps the messages instead of sending them."""

    sent: list[tuple[str, str]] = []

    def send(self, phone: str, text: str) -> None:
        Kept.sent.append((phone, text))


class Down:
    """A gateway that cannot be reached."""

    def send(self, phone: str, text: str) -> None:
        raise OSError("no route")


@pytest.fixture(autouse=True)
def _gateway(settings: Any) -> Iterator[None]:
    Kept.sent = []
    cache.clear()
    settings.GONGZHI_SMS_GATEWAY = "tests.accounts.conftest.Kept"
    # Django leaves the language of the last request active in its thread.
    with translation.override("zh-hans"):
        yield


def code_of() -> str:
    """The code in the message last sent."""
    found = re.search(r"\d{6}", Kept.sent[-1][1])
    assert found
    return found[0]


def another_code() -> str:
    """Six figures that were not sent."""
    return "000000" if code_of() != "000000" else "111111"


@pytest.fixture
def user(db: None) -> User:
    user = User(username="zhang", display_name="张三")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
