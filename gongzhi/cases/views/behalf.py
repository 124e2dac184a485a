"""代为登记: the desk enters what came by telephone, at the counter or in a WeChat group."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from gongzhi.cases import rules, telling
from gongzhi.cases.actions import Opened, Report, open_case
from gongzhi.cases.actions.intake import Contact
from gongzhi.cases.claims import claims_of
from gongzhi.cases.forms import BehalfForm
from gongzhi.cases.models import Case
from gongzhi.cases.views.who import actor, desk_of, idempotency_scope, needs, page
from gongzhi.community.actors import Actor
from gongzhi.kernel.errors import DomainError

SHOWN = "behalf_shown"


@require_http_methods(["GET", "POST"])
@needs(rules.can_take_reports)
def new(request: HttpRequest) -> HttpResponse:
    """The form at the desk, and its sending."""
    if request.method == "GET":
        form = BehalfForm(initial={"channel": request.GET.get("channel", "phone"), "may_publish": False})
        return page(request, "cases/desk/behalf.html", {"form": form})
    form = BehalfForm(request.POST)
    if form.is_valid():
        try:
            by = actor(request)
            key = request.POST.get("idempotency_key", "")
            opened = open_case(report=_report(form, by), by=by, key=key, scope=idempotency_scope(request))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            request.session[SHOWN] = _kept(opened, by)
            claims_of(request).show(opened.case.code, opened.claim_code or "")
            return redirect("cases:behalf_done")
    return page(request, "cases/desk/behalf.html", {"form": form}, status=422)


def _report(form: BehalfForm, by: Actor) -> Report:
    data = form.cleaned_data
    return Report(
        description=data["description"],
        channel=data["channel"],
        category_code=data["category"],
        spot=form.spot(desk_of(by, *rules.DESK_ROLES)),
        answers=form.answers(),
        photos=data["photos"],
        contact=Contact(data["name"], data["phone"]),
        is_anonymous=data["is_anonymous"],
        may_publish=data["may_publish"],
        on_behalf=True,
    )


def _kept(opened: Opened, by: Actor) -> dict[str, Any]:
    """What is read out to the reporter. The clerk's browser does not become the reporter's: no claim is remembered."""
    case = opened.case
    due = telling.day_of(case.resolve_due) if case.resolve_due else ""
    return {
        "code": case.code,
        "due": due,
        "place": telling.place_line(case),
        "title": telling.headline(case),
        "within": Case.objects.visible_to(by).filter(pk=case.pk).exists(),
    }


@require_GET
@needs(rules.can_take_reports)
def done(request: HttpRequest) -> HttpResponse:
    """The number, the promised time and the claim code, to read out. Shown for the last one entered in this browser."""
    kept = request.session.get(SHOWN)
    if not kept:
        return redirect("cases:behalf")
    claim = claims_of(request).shown.get(kept["code"], "")
    return page(request, "cases/desk/behalf_done.html", {"kept": kept | {"claim": claim}})
