"""Sign-in by a code sent to a phone. The same answer for a known and an unknown phone; codes are hashed, short-lived, counted."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gongzhi.accounts.gateway import gateway
from gongzhi.accounts.models import PhoneCode, User
from gongzhi.kernel import audit, clock, crypto
from gongzhi.kernel.errors import DomainError

VALID: Final = dt.timedelta(minutes=5)
AGAIN: Final = dt.timedelta(seconds=60)
MOST_A_DAY: Final = 10
TRIES: Final = 5


def plain_phone(text: str) -> str:
    """A mainland mobile number without spaces and +86, or a refusal."""
    phone = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    phone = phone.removeprefix("86") if len(phone) == 13 else phone
    if len(phone) != 11 or not phone.startswith("1"):
        raise DomainError(_("手机号不对，应当是 1 开头的 11 位数字。"), field="phone")
    return phone


def index_of(phone: str) -> str:
    return crypto.blind_index(phone, "accounts.phone")


def _hash(index: str, code: str) -> str:
    return crypto.blind_index(f"{index}:{code}", "accounts.phone_code")


def send_code(*, phone: str) -> None:
    """Send a fresh code; at most one a minute and ten a day to one phone. The network is asked after the commit."""
    phone = plain_phone(phone)
    index, now = index_of(phone), clock.now()
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        sent = PhoneCode.objects.filter(phone_index=index, sent_at__gt=now - dt.timedelta(days=1))
        if sent.filter(sent_at__gt=now - AGAIN).exists():
            raise DomainError(_("验证码刚发过，请一分钟后再要。"), field="phone")
        if sent.count() >= MOST_A_DAY:
            raise DomainError(_("今天要的验证码太多了，请明天再试，或用密码登录。"), field="phone")
        PhoneCode.objects.create(phone_index=index, code_hash=_hash(index, code), sent_at=now, expires_at=now + VALID)
    gateway().send(phone, _("【共治】验证码 %(code)s，5 分钟内有效，请不要告诉别人。") % {"code": code})


def check_code(*, phone: str, code: str) -> User:
    """The user behind a phone whose code is right; a new phone becomes a new user. A code works once."""
    phone = plain_phone(phone)
    index, now = index_of(phone), clock.now()
    row = PhoneCode.objects.filter(phone_index=index, used_at=None, expires_at__gt=now).order_by("-id").first()
    wrong = DomainError(_("验证码不对或已过期，请核对，或重新要一个。"), field="code")
    if row is None or not PhoneCode.objects.filter(pk=row.pk, attempts__lt=TRIES, used_at=None).update(attempts=F("attempts") + 1):
        raise wrong
    if not hmac.compare_digest(row.code_hash, _hash(index, code.strip())):
        raise wrong
    with transaction.atomic():
        if not PhoneCode.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
            raise wrong
        return _user_of(phone, index)


def _user_of(phone: str, index: str) -> User:
    user = User.objects.filter(phone_index=index).first()
    if user is None:
        user = User(username=f"p{secrets.token_hex(8)}", display_name="", phone=phone, phone_index=index)
        user.set_unusable_password()
        user.save(force_insert=True)
        audit.record(verb="user.register", obj=user, by=user.pk, facts={"way": "phone"})
    if not user.is_active:
        raise DomainError(_("这个账号已停用，请联系管理员。"), field="phone")
    return user
