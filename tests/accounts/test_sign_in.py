"""Signing in by a password, its lock, in demo mode, with a second factor; signing out."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.test import Client, RequestFactory

from gongzhi.accounts.adapters import client_ip
from gongzhi.accounts.models import User
from gongzhi.accounts.phone_codes import index_of
from gongzhi.demo.names import PASSWORD as DEMO_PASSWORD
from tests.accounts.conftest import PASSWORD, code_of

LOGIN = "/accounts/login/"
PHONE = "13800001234"


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def wrong(client: Client, name: str = "zhang") -> Any:
    return client.post(LOGIN, {"login": name, "password": "wrong"})


def test_a_password_signs_in_for_a_month_and_goes_where_one_was_going(user: User, settings: Any) -> None:
    client = Client()
    answer = client.post(LOGIN, {"login": "zhang", "password": PASSWORD, "next": "/contact"})
    assert (answer.status_code, answer["Location"]) == (302, "/contact")
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
    assert Client().post(LOGIN, {"login": "zhang", "password": PASSWORD, "next": "https://evil.example/"})["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_answer_alike(user: User) -> None:
    known, unknown = (wrong(Client(), name) for name in ("zhang", "nobody"))
    assert known.status_code == unknown.status_code == 200
    said = [str(answer.context["form"].errors) for answer in (known, unknown)]
    assert said[0] == said[1]
    assert said[0]


def test_five_wrong_passwords_lock_one_name_with_a_plain_sentence(user: User) -> None:
    for _time in range(4):
        assert wrong(Client()).status_code == 200
    locked = wrong(Client())
    assert locked.status_code == 429
    assert "请过一刻钟再试" in locked.content.decode()
    client = Client()
    assert client.post(LOGIN, {"login": "zhang", "password": PASSWORD}).status_code == 429
    assert not is_in(client)
    other = User(username="li")
    other.set_password(PASSWORD)
    other.save()
    assert client.post(LOGIN, {"login": "li", "password": PASSWORD}).status_code == 302


def test_a_right_password_forgets_the_wrong_ones(user: User) -> None:
    for _time in range(2):
        for _wrong in range(4):
            wrong(Client())
        assert Client().post(LOGIN, {"login": "zhang", "password": PASSWORD}).status_code == 302


def test_an_inactive_user_does_not_get_in(user: User) -> None:
    User.objects.update(is_active=False)
    client = Client()
    client.post(LOGIN, {"login": "zhang", "password": PASSWORD})
    assert not is_in(client)


def test_signing_out_takes_a_post(signed_in: Client) -> None:
    assert signed_in.get("/accounts/logout/").status_code == 200
    assert is_in(signed_in)
    assert signed_in.post("/accounts/logout/").status_code == 302
    assert not is_in(signed_in)


def test_one_signs_up_by_phone(db: None) -> None:
    answer = Client().post("/accounts/signup/", {"username": "robot", "password1": "x" * 12, "password2": "x" * 12})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/phone/")
    assert not User.objects.exists()


def test_demo_sign_in_only_in_demo_mode_and_only_for_demo_accounts(user: User, settings: Any) -> None:
    User.objects.update(username="clerk", is_demo=True)
    settings.GONGZHI_DEMO = False
    assert Client().post("/accounts/demo/", {"username": "clerk"}).status_code == 404
    assert 'value="clerk"' not in Client().get(LOGIN).content.decode()
    settings.GONGZHI_DEMO = True
    for page in (LOGIN, "/accounts/phone/"):
        shown = Client().get(page).content.decode()
        assert 'value="clerk"' in shown
        assert "街道和镇" in shown
        assert f"密码都是 {DEMO_PASSWORD}。" in shown
        assert 'value="gridworker"' not in shown
    client = Client()
    assert client.post("/accounts/demo/", {"username": "clerk", "next": "/contact"})["Location"] == "/contact"
    assert is_in(client)
    assert Client().get("/accounts/demo/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/accounts/demo/", {"username": "clerk"}).status_code == 403
    User.objects.update(is_demo=False)
    for name in ("clerk", "nobody", "cl\0erk", ""):
        assert Client().post("/accounts/demo/", {"username": name}).status_code == 404


def with_factor(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    assert secret not in str(Authenticator.objects.get().data)
    return secret


def now_code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


@pytest.mark.parametrize("way", ["password", "phone"])
def test_a_second_factor_is_asked_whichever_way_one_comes(user: User, way: str) -> None:
    secret = with_factor(user)
    User.objects.update(phone=PHONE, phone_index=index_of(PHONE))
    client = Client()
    if way == "password":
        answer = client.post(LOGIN, {"login": "zhang", "password": PASSWORD})
    else:
        client.post("/accounts/phone/", {"phone": PHONE})
        answer = client.post("/accounts/phone/", {"phone": PHONE, "code": code_of()})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    client.post("/accounts/2fa/authenticate/", {"code": "12345"})
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": now_code(secret)})
    assert is_in(client)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        (2, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),
        (1, "nonsense", "9.9.9.9"),
        (1, "", "9.9.9.9"),
    ],
)
def test_only_our_own_proxies_say_where_a_caller_is(proxies: int, forwarded: str, address: str, settings: Any) -> None:
    settings.GONGZHI_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="9.9.9.9", headers={"X-Forwarded-For": forwarded})
    assert client_ip(request) == address
    request.META["REMOTE_ADDR"] = ""
    assert client_ip(request) in {address, "127.0.0.1"}
