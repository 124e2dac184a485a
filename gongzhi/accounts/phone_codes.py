"""Codes sent to a phone, for signing in and for keeping a phone with an account.

A known and an unknown phone get the same answer. Codes are hashed, short-lived and counted; one opens only what it was asked for.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
import unicodedata
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongzhi.accounts.gateway import gateway
from gongzhi.accounts.models import PhoneCode, User
from gongzhi.kernel import audit, clock, crypto
from gongzhi.kernel.errors import Conflict, DomainError

VALID: Final = dt.timedelta(minutes=5)
AGAIN: Final = dt.timedelta(seconds=60)
DAY: Final = dt.timedelta(days=1)
MOST_A_DAY: Final = 10
TRIES: Final = 5
SIGN_IN: Final = "sign-in"


def plain_phone(text: str) -> str:
    """A mainland mobile number without spaces, +86 and full-width figures, or a refusal."""
    phone = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isascii() and sign.isdigit())
    phone = phone.removeprefix("86") if len(phone) == 13 else phone
    if len(phone) != 11 or not phone.startswith("1"):
        raise DomainError(_("手机号不对，应当是 1 开头的 11 位数字。"), field="phone")
    return phone


def index_of(phone: str) -> str:
    """What a phone is found by: equal phones meet, nobody reads it back."""
    return crypto.blind_index(phone, "accounts.phone")


def binding(user: User) -> str:
    """The purpose of a code that keeps a phone with this account: nobody else's request can use it."""
    return f"bind:{user.pk}"


def send_code(*, phone: str, purpose: str = SIGN_IN) -> None:
    """Send a fresh code; at most one a minute and ten a day to one phone. The network is asked after the commit."""
    phone = plain_phone(phone)
    index, now = index_of(phone), clock.now()
    code = f"{secrets.randbelow(1_000_000):06d}"
    if not _keep(index, _hash(index, purpose, code), now):
        sent_at = PhoneCode.objects.filter(phone_index=index).values_list("sent_at", flat=True).first()
        if sent_at is None or sent_at > now - AGAIN:
            raise DomainError(_("验证码刚发过，请一分钟后再要。"), field="phone")
        raise DomainError(_("今天要的验证码太多了，请明天再试，或用密码登录。"), field="phone")
    try:
        gateway().send(phone, _("【共治】验证码 %(code)s，5 分钟内有效，请不要告诉别人。") % {"code": code})
    except OSError as error:
        raise DomainError(_("短信没有发出去，请一分钟后再试，或用密码登录。"), field="phone") from error


def _keep(index: str, code_hash: str, now: dt.datetime) -> bool:
    """Put the new code in the phone's row, if its limits allow. Each way is one conditional statement: two at once send one."""
    fresh = {"code_hash": code_hash, "sent_at": now, "expires_at": now + VALID, "attempts": 0, "used_at": None}
    row = PhoneCode.objects.filter(phone_index=index, sent_at__lte=now - AGAIN)
    if row.filter(counted_from__lte=now - DAY).update(**fresh, counted_from=now, sent_count=1):
        return True
    if row.filter(counted_from__gt=now - DAY, sent_count__lt=MOST_A_DAY).update(**fresh, sent_count=F("sent_count") + 1):
        return True
    try:
        with transaction.atomic():
            PhoneCode.objects.create(phone_index=index, counted_from=now, **fresh)
    except IntegrityError:
        return False
    return True


def _hash(index: str, purpose: str, code: str) -> str:
    return crypto.blind_index(f"{index}:{purpose}:{code}", "accounts.phone_code")


def sign_in_by_code(*, phone: str, code: str) -> User:
    """The user behind a phone whose code is right; a new phone becomes a new user."""
    phone = plain_phone(phone)
    with transaction.atomic():
        row = _spend(index_of(phone), SIGN_IN, code)
        user = _user_of(phone, row.phone_index) if row else None
    if user is None:
        raise _wrong()
    if not user.is_active:
        raise DomainError(_("这个账号已停用，请联系管理员。"), field="phone")
    return user


def bind_phone(*, by: User, phone: str, code: str) -> None:
    """Keep a phone with one's account, for signing in and for being called back."""
    phone = plain_phone(phone)
    index = index_of(phone)
    with transaction.atomic():
        row = _spend(index, binding(by), code)
        if row is not None:
            _bind(by, phone, index)
    if row is None:
        raise _wrong()


def _bind(by: User, phone: str, index: str) -> None:
    taken = Conflict(_("这个手机号已经用在另一个账号上。请先用它登录那个账号，或换一个号码。"), field="phone")
    if User.objects.filter(phone_index=index).exclude(pk=by.pk).exists():
        raise taken
    try:
        with transaction.atomic():
            User.objects.filter(pk=by.pk).update(phone=phone, phone_index=index)
    except IntegrityError as error:
        raise taken from error
    audit.record(verb="user.phone", obj=by, by=by.pk, facts={})


def _wrong() -> DomainError:
    return DomainError(_("验证码不对或已过期，请核对，或重新要一个。"), field="code")


def _spend(index: str, purpose: str, code: str) -> PhoneCode | None:
    """The row of a right code, now used; None for a wrong, old, used or worn-out one, whose try stays counted."""
    live = PhoneCode.objects.filter(phone_index=index, used_at=None, expires_at__gt=clock.now())
    if not live.filter(attempts__lt=TRIES).update(attempts=F("attempts") + 1):
        return None
    row = live.first()
    typed = unicodedata.normalize("NFKC", code).strip()
    if row is None or not hmac.compare_digest(row.code_hash, _hash(index, purpose, typed)):
        return None
    spent = live.filter(code_hash=row.code_hash).update(used_at=clock.now())
    return row if spent else None


def _user_of(phone: str, index: str) -> User:
    user = User.objects.filter(phone_index=index).first()
    if user is None:
        user = User(username=f"p{secrets.token_hex(8)}", phone=phone, phone_index=index, locale=get_language() or "zh-hans")
        user.set_unusable_password()
        user.save(force_insert=True)
        audit.record(verb="user.register", obj=user, by=user.pk, facts={"way": "phone"})
    return user


def forget_old_codes() -> int:
    """Delete the rows of phones that asked for nothing in the last day; how many."""
    return PhoneCode.objects.filter(sent_at__lte=clock.now() - DAY).delete()[0]
