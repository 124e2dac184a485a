"""Codes sent to a phone: once, for a while, for one purpose, for a few tries, and never saying who has an account."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from gongzhi.accounts.models import PhoneCode, User
from gongzhi.accounts.phone_codes import AGAIN, MOST_A_DAY, TRIES, VALID, bind_phone, binding, plain_phone, send_code, sign_in_by_code
from gongzhi.accounts.tasks import forget_sign_ins
from gongzhi.kernel import clock
from gongzhi.kernel.errors import Conflict, DomainError
from gongzhi.kernel.models import AuditEntry
from tests.accounts.conftest import Kept, another_code, code_of

PHONE = "13800001234"
OTHER = "13900001234"
PAGE = "/accounts/phone/"


def later(span: dt.timedelta) -> Any:
    return clock.at(clock.now() + span)


def test_a_code_makes_a_user_once(db: None) -> None:
    client = Client(headers={"accept-language": "en"})
    assert client.post(PAGE, {"phone": "+86 138 0000 1234"}).status_code == 200
    assert Kept.sent[0][0] == PHONE
    assert client.post(PAGE, {"phone": PHONE, "code": code_of(), "next": "/contact"})["Location"] == "/contact"
    user = User.objects.get()
    assert (user.phone, user.locale, user.has_usable_password()) == (PHONE, "en", False)
    assert AuditEntry.objects.filter(verb="user.register").count() == 1
    with later(AGAIN):
        send_code(phone=PHONE)
        assert sign_in_by_code(phone=PHONE, code=code_of()) == user


def test_the_phone_is_not_in_the_database_in_the_clear(db: None) -> None:
    send_code(phone=PHONE)
    sign_in_by_code(phone=PHONE, code=code_of())
    stored: list[Any] = []
    with connection.cursor() as cursor:
        for table in ("accounts_user", "accounts_phonecode", "kernel_auditentry"):
            cursor.execute(f"SELECT * FROM {table}")
            stored += cursor.fetchall()
    assert len(stored) == 3
    assert PHONE not in str(stored)
    assert code_of() not in str(PhoneCode.objects.values_list("code_hash"))


@pytest.mark.parametrize("typed", ["１３８００００１２３４", "138-0000-1234", " 8613800001234 "])
def test_a_phone_as_people_write_it(typed: str) -> None:
    assert plain_phone(typed) == PHONE


@pytest.mark.parametrize("typed", ["", "1380000123", "23800001234", "138000012345", "电话", "²³", "\0"])
def test_no_phone_is_said_at_its_field(typed: str, db: None) -> None:
    answer = Client().post(PAGE, {"phone": typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors["phone"]
    with pytest.raises(DomainError):
        plain_phone(typed)


def test_a_code_works_once(db: None) -> None:
    send_code(phone=PHONE)
    sign_in_by_code(phone=PHONE, code=f" {code_of()} ")
    with pytest.raises(DomainError):
        sign_in_by_code(phone=PHONE, code=code_of())


def test_a_code_works_for_five_minutes(db: None) -> None:
    send_code(phone=PHONE)
    with later(VALID), pytest.raises(DomainError):
        sign_in_by_code(phone=PHONE, code=code_of())
    with later(VALID - dt.timedelta(seconds=5)):
        assert sign_in_by_code(phone=PHONE, code=code_of())


def test_a_code_bears_five_tries(db: None) -> None:
    send_code(phone=PHONE)
    for _time in range(TRIES):
        answer = Client().post(PAGE, {"phone": PHONE, "code": another_code()})
        assert answer.status_code == 422
    assert answer.context["form"].errors["code"]
    assert PHONE in answer.content.decode()
    with pytest.raises(DomainError):
        sign_in_by_code(phone=PHONE, code=code_of())
    with later(AGAIN):
        send_code(phone=PHONE)
        assert sign_in_by_code(phone=PHONE, code=code_of())


def test_only_the_last_code_counts_and_only_for_its_phone(db: None) -> None:
    send_code(phone=PHONE)
    first = code_of()
    send_code(phone=OTHER)
    with pytest.raises(DomainError):
        sign_in_by_code(phone=OTHER, code=first if first != code_of() else another_code())
    with later(AGAIN):
        send_code(phone=PHONE)
        if first != code_of():
            with pytest.raises(DomainError):
                sign_in_by_code(phone=PHONE, code=first)


def test_one_a_minute_and_ten_a_day(db: None) -> None:
    send_code(phone=PHONE)
    with pytest.raises(DomainError, match="一分钟后"):
        send_code(phone=PHONE)
    for number in range(1, MOST_A_DAY):
        with later(AGAIN * number):
            send_code(phone=PHONE)
    with later(AGAIN * 20), pytest.raises(DomainError, match="明天再试"):
        send_code(phone=PHONE)
    with later(dt.timedelta(days=1)):
        send_code(phone=PHONE)
    assert len(Kept.sent) == MOST_A_DAY + 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [False, True])
def test_requests_at_once_send_one_message(known: bool) -> None:
    if known:
        with clock.at(clock.now() - dt.timedelta(hours=1)):
            send_code(phone=PHONE)
        Kept.sent.clear()

    def ask(_number: int) -> bool:
        try:
            send_code(phone=PHONE)
        except DomainError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 1
    assert len(Kept.sent) == 1
    assert sign_in_by_code(phone=PHONE, code=code_of())


def test_one_address_does_not_write_to_many_phones(db: None) -> None:
    answers = [Client().post(PAGE, {"phone": f"1370000{number:04}"}).status_code for number in range(31)]
    assert answers == [200] * 30 + [429]
    assert len(Kept.sent) == 30
    assert "请过几分钟再试" in Client().post(PAGE, {"phone": PHONE}).content.decode()


def test_known_and_unknown_phones_answer_alike(db: None) -> None:
    send_code(phone=PHONE)
    sign_in_by_code(phone=PHONE, code=code_of())
    PhoneCode.objects.all().delete()
    secret = re.compile(r"[0-9A-Za-z]{64}|1[38-9]\d{9}")
    for step in ({}, {"code": "wrong"}):
        known, unknown = (Client().post(PAGE, {"phone": phone, **step}) for phone in (PHONE, OTHER))
        assert secret.sub("", known.content.decode()) == secret.sub("", unknown.content.decode())
        assert known.status_code == unknown.status_code


def test_a_gateway_that_is_down_is_said(db: None, settings: Any) -> None:
    settings.GONGZHI_SMS_GATEWAY = "tests.accounts.conftest.Down"
    answer = Client().post(PAGE, {"phone": PHONE})
    assert answer.status_code == 422
    assert "短信没有发出去" in answer.content.decode()


def test_a_code_without_a_phone_is_no_fault(db: None) -> None:
    assert Client().post(PAGE, {"code": "123456"}).status_code == 422
    assert Client().post(PAGE, {"code": "1" * 9999, "phone": PHONE}).status_code == 422


def test_an_inactive_user_is_told(user: User) -> None:
    bound(user)
    User.objects.update(is_active=False)
    with later(AGAIN):
        send_code(phone=PHONE)
        with pytest.raises(DomainError, match="停用"):
            sign_in_by_code(phone=PHONE, code=code_of())


def bound(user: User) -> None:
    send_code(phone=PHONE, purpose=binding(user))
    bind_phone(by=user, phone=PHONE, code=code_of())


def test_a_phone_is_kept_with_an_account_through_the_page(user: User, signed_in: Client) -> None:
    page = "/accounts/me/phone/"
    assert signed_in.post(page, {"phone": PHONE}).status_code == 200
    assert signed_in.post(page, {"phone": PHONE, "code": another_code()}).status_code == 422
    assert signed_in.post(page, {"phone": PHONE, "code": code_of()})["Location"] == "/accounts/me/"
    user.refresh_from_db()
    assert user.phone == PHONE
    shown = signed_in.get("/accounts/me/").content.decode()
    assert "138****1234" in shown
    assert PHONE not in shown
    with later(AGAIN):
        send_code(phone=PHONE)
        assert sign_in_by_code(phone=PHONE, code=code_of()) == user


def test_a_code_opens_only_what_it_was_asked_for(user: User) -> None:
    other = User.objects.create(username="li")
    send_code(phone=PHONE, purpose=binding(other))
    with pytest.raises(DomainError):
        sign_in_by_code(phone=PHONE, code=code_of())
    with pytest.raises(DomainError):
        bind_phone(by=user, phone=PHONE, code=code_of())
    bind_phone(by=other, phone=PHONE, code=code_of())


def test_a_phone_belongs_to_one_account(user: User) -> None:
    bound(user)
    other = User.objects.create(username="li")
    with later(AGAIN):
        send_code(phone=PHONE, purpose=binding(other))
        with pytest.raises(Conflict):
            bind_phone(by=other, phone=PHONE, code=code_of())
    other.refresh_from_db()
    assert other.phone is None


def test_what_opens_nothing_is_forgotten(user: User, signed_in: Client) -> None:
    send_code(phone=PHONE)
    assert forget_sign_ins() == 0
    with later(dt.timedelta(days=1)):
        assert forget_sign_ins() == 1
    with later(dt.timedelta(days=31)):
        assert forget_sign_ins() == 1
    assert not PhoneCode.objects.exists()
    assert not Session.objects.exists()
