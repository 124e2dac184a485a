"""Signing in: password and lock-out, phone code, demo, tokens."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from gongzhi.accounts.models import ApiToken, PhoneCode, User
from gongzhi.accounts.phone_codes import check_code, send_code
from gongzhi.accounts.tokens import create_token, revoke_token
from gongzhi.community.callers import caller_of
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError

PHONE = "13800001234"


class Kept:
    """A gateway that keeps what it was given."""

    sent: list[tuple[str, str]] = []

    def send(self, phone: str, text: str) -> None:
        Kept.sent.append((phone, text))


@pytest.fixture(autouse=True)
def _gateway(settings: Any) -> None:
    Kept.sent = []
    settings.GONGZHI_SMS_GATEWAY = "tests.accounts.test_sign_in.Kept"


def code_of() -> str:
    found = re.search(r"\d{6}", Kept.sent[-1][1])
    assert found
    return found[0]


@pytest.fixture
def user(db: None) -> User:
    user = User(username="zhang", display_name="张三")
    user.set_password("correct horse")
    user.save()
    return user


def test_password_signs_in_and_five_wrong_ones_lock(user: User) -> None:
    client = Client()
    assert client.post("/accounts/login/", {"login": "zhang", "password": "correct horse"}).status_code == 302
    for _time in range(5):
        answer = Client().post("/accounts/login/", {"login": "zhang", "password": "wrong"})
    assert answer.status_code in (403, 429)
    locked = Client()
    assert locked.post("/accounts/login/", {"login": "zhang", "password": "correct horse"}).status_code != 302
    assert "_auth_user_id" not in locked.session


def test_a_phone_code_makes_a_user_once(db: None) -> None:
    client = Client()
    assert client.post("/accounts/phone/", {"phone": "138 0000 1234"}).status_code == 200
    assert client.post("/accounts/phone/", {"phone": PHONE, "code": code_of()}).status_code == 302
    user = User.objects.get()
    assert user.phone == PHONE
    with clock.at(clock.now() + dt.timedelta(minutes=2)):
        send_code(phone=PHONE)
        assert check_code(phone=PHONE, code=code_of()) == user


def test_a_code_works_once_for_five_minutes_and_five_tries(db: None) -> None:
    send_code(phone=PHONE)
    code = code_of()
    check_code(phone=PHONE, code=code)
    with pytest.raises(DomainError):
        check_code(phone=PHONE, code=code)
    with clock.at(clock.now() + dt.timedelta(minutes=2)):
        send_code(phone=PHONE)
        for _time in range(5):
            with pytest.raises(DomainError):
                check_code(phone=PHONE, code="000000" if code_of() != "000000" else "111111")
        with pytest.raises(DomainError):
            check_code(phone=PHONE, code=code_of())
    with clock.at(clock.now() + dt.timedelta(minutes=4)):
        send_code(phone=PHONE)
    with clock.at(clock.now() + dt.timedelta(minutes=10)), pytest.raises(DomainError):
        check_code(phone=PHONE, code=code_of())


def test_known_and_unknown_phones_answer_alike(db: None) -> None:
    send_code(phone=PHONE)
    check_code(phone=PHONE, code=code_of())
    PhoneCode.objects.all().delete()
    known, unknown = (Client().post("/accounts/phone/", {"phone": phone}) for phone in (PHONE, "13900001234"))
    secret = re.compile(r"[0-9A-Za-z]{64}|1380000\d{4}|1390000\d{4}")
    assert secret.sub("", known.content.decode()) == secret.sub("", unknown.content.decode())
    assert known.status_code == unknown.status_code == 200


def test_demo_sign_in_only_in_demo_mode(user: User, settings: Any) -> None:
    User.objects.filter(pk=user.pk).update(is_demo=True)
    settings.GONGZHI_DEMO = False
    assert Client().post("/accounts/demo/", {"username": "zhang"}).status_code == 404
    assert "zhang" not in Client().get("/accounts/login/").content.decode()
    settings.GONGZHI_DEMO = True
    assert Client().post("/accounts/demo/", {"username": "zhang"}).status_code == 302
    assert "张三" in Client().get("/accounts/login/").content.decode()
    User.objects.filter(pk=user.pk).update(is_demo=False)
    assert Client().post("/accounts/demo/", {"username": "zhang"}).status_code == 404


def test_a_token_ends_when_revoked_expired_or_its_owner_does(user: User) -> None:
    token, raw = create_token(by=user, name="测试", scopes=["cases:read"], days=1)
    assert raw not in str(ApiToken.objects.values().get())
    assert caller_of(raw) is not None
    with clock.at(clock.now() + dt.timedelta(days=2)):
        assert caller_of(raw) is None
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert caller_of(raw) is None
    User.objects.filter(pk=user.pk).update(is_active=True)
    revoke_token(by=user, token_id=token.pk)
    assert caller_of(raw) is None
    assert caller_of("gz_nothing") is None


def test_pages_of_the_account(user: User) -> None:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post("/accounts/me/", {"display_name": "老张", "locale": "en", "elder_mode": "on"}).status_code == 302
    user.refresh_from_db()
    assert (user.display_name, user.locale, user.elder_mode) == ("老张", "en", True)
    made = client.post("/accounts/tokens/", {"name": "脚本", "scopes": ["cases:read"], "days": "30"})
    assert "gz_" in made.content.decode()
    assert client.post("/accounts/tokens/", {"name": "", "scopes": []}).status_code == 422
    assert client.post(f"/accounts/tokens/{ApiToken.objects.get().pk}/end/").status_code == 302
    assert ApiToken.objects.get().revoked_at
