"""POST requests: a form with an api_key becomes a case by the same action as every other channel."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from gongzhi.cases.actions import Report, open_case
from gongzhi.cases.actions.intake import Contact
from gongzhi.cases.actions.locating import Spot
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case
from gongzhi.cases.open311.rows import when
from gongzhi.community.actors import NOBODY, Actor
from gongzhi.community.callers import caller_of
from gongzhi.kernel.errors import DomainError, Missing, NotAllowed

DEMO_KEY = "demo"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def file_request(request: HttpRequest) -> dict[str, Any]:
    """File one request; returns its row: id (never a token too), notice, account."""
    if request.content_type not in FORM_TYPES:
        raise DomainError(_("请用表单（application/x-www-form-urlencoded）提交。"))
    form = request.POST
    by = _caller(_text(form, "api_key"))
    report = _report(form)
    key = request.headers.get("Idempotency-Key", "")
    opened = open_case(report=report, by=by, key=key, scope=f"open311:{by.user_id}")
    notice = _("已登记，承诺 %(when)s 前办好。") % {"when": when(opened.case.resolve_due)}
    return {"service_request_id": opened.case.code, "service_notice": notice, "account_id": ""}


def _caller(key: str) -> Actor:
    if settings.GONGZHI_DEMO and key == DEMO_KEY:
        return NOBODY
    caller = caller_of(key) if key else None
    if caller is None or "cases:write" not in caller.scopes:
        raise NotAllowed(_("api_key 不对或没有提交诉求的权限。请在“我的”页面申请个人令牌。"))
    return caller.actor


def _text(form: QueryDict, name: str) -> str:
    return form.get(name, "").strip()


def _report(form: QueryDict) -> Report:
    code = _text(form, "service_code")
    if not code:
        raise DomainError(_("请填 service_code，可以从 services 里选。"))
    _check_code(code)
    spot = _spot(form)
    if spot == Spot():
        raise DomainError(_("请填 lat 和 long，或 address_string。"))
    words = _text(form, "description") or _("（没有文字说明）")
    if link := _text(form, "media_url"):
        words += "\n" + _("附图链接：%(url)s") % {"url": link[:500]}
    return Report(
        description=words,
        channel=Case.Channel.OPEN311,
        category_code=code,
        spot=spot,
        answers=_answers(form),
        contact=Contact(f"{_text(form, 'last_name')}{_text(form, 'first_name')}"[:40], _text(form, "phone")[:20]),
        may_publish=True,
        on_behalf=True,
    )


def _check_code(code: str) -> None:

    row = catalogue().by_code.get(code)
    if row is None or not row.is_active:
        raise Missing(_("没有这个类别：%(code)s。请先读 services。") % {"code": code[:40]})


def _spot(form: QueryDict) -> Spot:
    lat, lng = _number(form, "lat"), _number(form, "long")
    return Spot(lng, lat, _text(form, "address_string")[:200], place_code=_text(form, "address_id"))


def _number(form: QueryDict, name: str) -> float | None:
    text = _text(form, name)
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise DomainError(_("%(name)s 要填数字。") % {"name": name}) from None


def _answers(form: QueryDict) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in form:
        if name.startswith("attribute[") and name.endswith("][]"):
            found[name[10:-3]] = form.getlist(name)
        elif name.startswith("attribute[") and name.endswith("]"):
            found[name[10:-1]] = form.get(name)
    return found
