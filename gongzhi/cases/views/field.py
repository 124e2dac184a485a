"""The grid worker outdoors: today's work by clock and distance, own findings, handling one case with a thumb."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongzhi.cases import queries, rules, telling
from gongzhi.cases.actions import Opened, Report, open_case, settle_on_spot
from gongzhi.cases.acts import ACTS
from gongzhi.cases.forms import ActForm, FoundForm
from gongzhi.cases.models import Case
from gongzhi.cases.views.desk_case import desk_case, show_case, staff_duties
from gongzhi.cases.views.who import actor, desk_of, idempotency_scope, needs, page, point_of
from gongzhi.cases.workflow import BEFORE_DISPATCH, WITH_BODY, Duty, State, moves_from
from gongzhi.community.actors import Actor
from gongzhi.kernel import geo
from gongzhi.kernel.errors import Conflict, DomainError, Missing

TODAY = 60
ONE_TAP = ("take", "accept")
NEXT = ("respond", "pass_check")
"""What asks for words or a look first: it leads to the case."""
PHONE_CASE = "cases/field/case.html"
MINE = tuple(state.value for state in State if state in BEFORE_DISPATCH | WITH_BODY | {State.REPORTED})


@require_GET
@needs(rules.works_outdoors)
def today(request: HttpRequest) -> HttpResponse:
    """What waits for me: clocks first; with ?lat&lng the nearest first among equals of the day. The position is not kept."""
    by, point = actor(request), point_of(request.GET)
    rows = queries.list_cases(by, queries.Filters(states=MINE), size=TODAY).rows
    cards = [_card(by, case, point) for case in rows]
    todo = [card for card in cards if card["acts"]]
    if point:
        todo.sort(key=lambda card: (not card["case"].is_late, card["metres"] if card["metres"] is not None else 1e9))
    return page(
        request,
        "cases/field/today.html",
        {"cards": todo, "others": len(cards) - len(todo), "located": point is not None, "may_find": rules.can_find(by)},
    )


def _card(by: Actor, case: Case, point: tuple[float, float] | None) -> dict[str, Any]:
    # Known from the list itself: nobody here is a helper or the reporter, and asking would cost statements a row.
    case.is_mine, case.helper_ids = False, set()
    held = set(rules.duties(by, case)) - {Duty.REPORTER}
    names = {move.name for move in moves_from(case.state, held)}
    return {
        "case": case,
        "title": telling.headline(case),
        "place": telling.place_line(case),
        "word": telling.state_word(case),
        "tone": telling.state_tone(case),
        "metres": _metres(case, point),
        "acts": [ACTS[name] for name in ONE_TAP if name in names] or [ACTS[name] for name in NEXT if name in names],
        "one_tap": next((name for name in ONE_TAP if name in names), ""),
    }


def _metres(case: Case, point: tuple[float, float] | None) -> int | None:
    if point is None or case.lng is None or case.lat is None:
        return None
    return round(geo.distance_m(point[0], point[1], case.lng, case.lat))


@require_http_methods(["GET", "POST"])
@needs(rules.can_find)
def found(request: HttpRequest) -> HttpResponse:
    """My own finding: settled on the spot, or reported up."""
    form = FoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = _open(request, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            settled = form.cleaned_data["on_spot"]
            messages.success(request, _("现场办结，已记录。") if settled else _("已上报，编号 %(code)s。") % {"code": opened.case.code})
            return redirect(f"{reverse('cases:today')}?sent=1")  # there the draft is forgotten
    return page(request, "cases/field/found.html", {"form": form}, 422 if request.method == "POST" else 200)


def _open(request: HttpRequest, form: FoundForm) -> Opened:
    data, by = form.cleaned_data, actor(request)
    report = Report(
        description=data["description"],
        channel=Case.Channel.GRID,
        category_code=data["category"],
        spot=form.spot(desk_of(by, *rules.FIELD_ROLES)),
        answers=form.answers(),
        photos=data["photos"],
        may_publish=False,
    )
    with transaction.atomic():
        opened = open_case(report=report, by=by, key=request.POST.get("idempotency_key", ""), scope=idempotency_scope(request))
        if data["on_spot"] and not opened.was_known:
            settle_on_spot(case=Case.objects.get(pk=opened.case.pk), by=by, note=data["done_note"])
    return opened


@require_GET
@needs(rules.can_see_words)
def handle(request: HttpRequest, code: str) -> HttpResponse:
    """One case on the phone with what I may do now."""
    return show_case(request, desk_case(request, code), template=PHONE_CASE)


@require_POST
@needs(rules.can_see_words)
def do(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One act from the phone; what was typed stays when it is refused."""
    if name not in ACTS:
        raise Missing()
    case, by = desk_case(request, code), actor(request)
    form = ActForm(ACTS[name], case, by, request.POST, prefix=name)
    if form.is_valid():
        try:
            if form.cleaned_data["version"] not in (None, case.version):
                raise Conflict()
            ACTS[name].run(case, by, form.values())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return show_case(request, desk_case(request, code), wrong=form, refused=error.message, status=422, template=PHONE_CASE)
        messages.success(request, str(ACTS[name].said))
        still = Case.objects.visible_to(by).filter(pk=case.pk).exists() and staff_duties(by, Case.objects.get(pk=case.pk))
        return redirect("cases:handle", code=code) if still else redirect("cases:today")
    return show_case(request, desk_case(request, code), wrong=form, status=422, template=PHONE_CASE)
