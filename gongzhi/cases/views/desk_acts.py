"""Doing at the desk: one act on one case, opening a reporter's contact, one act on many cases."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gongzhi.cases import queries, rules
from gongzhi.cases.actions import reveal_reporter
from gongzhi.cases.acts import ACTS
from gongzhi.cases.forms import ActForm
from gongzhi.cases.views.desk_case import desk_case, show_case, staff_duties
from gongzhi.cases.views.who import actor, needs
from gongzhi.community.acting import Act
from gongzhi.community.actors import Actor
from gongzhi.kernel.errors import Conflict, DomainError, Missing

MOST_AT_ONCE = 200


def wants_part(request: HttpRequest) -> bool:
    """Sent by htmx from the case beside the list: the answer replaces the case, not the page."""
    return request.headers.get("HX-Request") == "true"


@require_POST
@needs(rules.can_see_words)
def do(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One act by its name. A case that moved meanwhile is shown as it is now, with what was typed kept."""
    if name not in ACTS:
        raise Missing()
    case, by = desk_case(request, code), actor(request)
    form = ActForm(ACTS[name], case, by, request.POST, prefix=name)
    if not form.is_valid():
        return _again(request, code, form, 422)
    try:
        if form.cleaned_data["version"] not in (None, case.version):
            raise Conflict()
        ACTS[name].run(case, by, form.values())
    except DomainError as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, refused.message)
        return _again(request, code, form, refused.status, "" if field else refused.message)
    return _done(request, code, str(ACTS[name].said))


def _again(request: HttpRequest, code: str, form: ActForm, status: int, refused: str = "") -> HttpResponse:
    """The case as it is now, with the refusal. Parts answer 422: htmx shows that and nothing above it."""
    case = desk_case(request, code)
    return show_case(request, case, wrong=form, refused=refused, status=422 if wants_part(request) else status)


def _done(request: HttpRequest, code: str, said: str) -> HttpResponse:
    if not wants_part(request):
        messages.success(request, said)
        return redirect(back_to(request, reverse("cases:desk_case", args=[code])))
    toast = {"gz:toast": {"text": said, "tone": "good"}, "gz:moved": {"code": code}}
    try:
        response = show_case(request, desk_case(request, code), done=said)
    except Missing:  # handed on to another body: it is no longer this person's to see
        response = HttpResponse(status=200)
    response["HX-Trigger"] = json.dumps(toast)
    return response


def back_to(request: HttpRequest, otherwise: str) -> str:
    """Where the form asks to return to, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and own else otherwise


@require_POST
@needs(rules.can_see_words)
def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """A reporter's name and phone, shown once in this answer and kept nowhere; the look is logged first."""
    case, by = desk_case(request, code), actor(request)
    reporter, purpose = request.POST.get("reporter", ""), request.POST.get("purpose", "")
    if not (reporter.isascii() and reporter.isdigit() and len(reporter) < 19):
        raise Missing()
    opened: dict[str, Any] = {"id": int(reporter), "purpose": purpose}
    try:
        contact = reveal_reporter(case=case, reporter_id=int(reporter), by=by, purpose=purpose)
    except Missing:
        raise
    except DomainError as refused:
        opened["error"] = refused.message
        return _private(show_case(request, case, opened=opened, status=422 if wants_part(request) else refused.status))
    opened |= {"name": contact.name, "phone": contact.phone, "shown": True}
    return _private(show_case(request, case, opened=opened))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@needs(rules.can_see_words)
def batch(request: HttpRequest) -> HttpResponse:
    """One act on the ticked cases, each in a transaction of its own; each refusal is said once with its count."""
    act, chosen = ACTS.get(request.POST.get("act", "")), request.POST.getlist("id")
    back = back_to(request, reverse("cases:inbox"))
    if act is None or not act.in_batch:
        raise Missing()
    if not chosen:
        messages.warning(request, _("还没有勾选。请先勾选要办的诉求。"))
        return redirect(back)
    _say(request, act, *_run_all(actor(request), act, list(dict.fromkeys(chosen))[:MOST_AT_ONCE]))
    return redirect(back)


def _run_all(by: Actor, act: Act, numbers: list[str]) -> tuple[int, Counter[str]]:
    done, refusals = 0, Counter[str]()
    for code in numbers:
        try:
            _run(by, act, code)
        except DomainError as refused:
            refusals[refused.message] += 1
        else:
            done += 1
    return done, refusals


def _run(by: Actor, act: Act, code: str) -> None:
    case = queries.get_case(by, code)
    if not staff_duties(by, case):
        raise Missing()
    form = ActForm(act, case, by, {})
    if not form.is_valid():
        raise DomainError(_("这一步要逐件填写，请点开办理。"))
    act.run(case, by, form.values())


def _say(request: HttpRequest, act: Act, done: int, refusals: Counter[str]) -> None:
    if done:
        said = ngettext("“%(act)s”已完成 %(n)d 件。", "“%(act)s”已完成 %(n)d 件。", done)
        messages.success(request, said % {"act": act.label, "n": done})
    for sentence, count in refusals.most_common():
        words = ngettext("%(n)d 件没有办：%(why)s", "%(n)d 件没有办：%(why)s", count)
        messages.warning(request, words % {"n": count, "why": sentence})
