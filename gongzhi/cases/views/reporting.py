"""报事: one page from words or a photo to a number, a promised date and what happens next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongzhi.cases import queries, rules, suggesting, telling
from gongzhi.cases.actions import Opened, Report, join_case, open_case
from gongzhi.cases.actions.intake import Contact
from gongzhi.cases.claims import claims_of
from gongzhi.cases.forms import ReportForm
from gongzhi.cases.models import Case
from gongzhi.cases.views.who import actor, here_of, idempotency_scope, needs, page, point_of
from gongzhi.community.actors import Actor
from gongzhi.community.gazetteer import gazetteer
from gongzhi.community.models import Compound, Facility
from gongzhi.community.territory import Node, territory
from gongzhi.kernel import geo
from gongzhi.kernel.errors import DomainError, Missing

MOST_SIMILAR = 3


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The report form, and its sending."""
    if request.method == "GET":
        return page(request, "cases/resident/report.html", {"form": ReportForm(initial=_initial(request)), "thing": _thing(request)})
    form = ReportForm(request.POST)
    if form.is_valid():
        try:
            opened = open_case(
                report=_report(form, here_of(request)),
                by=actor(request),
                key=request.POST.get("idempotency_key", ""),
                scope=idempotency_scope(request),
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return _done(request, opened)
    return page(request, "cases/resident/report.html", {"form": form, "thing": _thing(request)}, status=422)


def _report(form: ReportForm, here: Node | None) -> Report:
    data = form.cleaned_data
    return Report(
        description=data["description"],
        channel=Case.Channel.RESIDENT,
        category_code=data["category"],
        spot=form.spot(here),
        answers=form.answers(),
        photos=data["photos"],
        contact=Contact(data["name"], data["phone"]),
        is_anonymous=data["is_anonymous"],
        may_publish=data["may_publish"],
    )


def _initial(request: HttpRequest) -> dict[str, Any]:
    thing = _thing(request)
    initial: dict[str, Any] = {"may_publish": True}
    if isinstance(thing, Facility):
        initial |= {"facility_tag": thing.tag, "category": thing.category_code, "address": str(thing), "lat": thing.lat, "lng": thing.lng}
    elif isinstance(thing, Compound):
        initial |= {"compound_tag": thing.tag, "address": thing.name, "lat": thing.lat, "lng": thing.lng}
    return initial


def _thing(request: HttpRequest) -> Facility | Compound | None:
    """What the QR stands on, by the tag in the address or in the form."""
    tag = request.GET.get("tag") or request.POST.get("facility_tag") or request.POST.get("compound_tag") or ""
    if not tag:
        return None
    return Facility.objects.filter(tag=tag, is_active=True).first() or Compound.objects.filter(tag=tag).first()


def _done(request: HttpRequest, opened: Opened) -> HttpResponse:
    if opened.claim_code:
        claims_of(request).add(opened.case.pk)
        claims_of(request).show(opened.case.code, opened.claim_code)
    return redirect("cases:reported", code=opened.case.code)


@require_GET
def reported(request: HttpRequest, code: str) -> HttpResponse:
    """Number, promised date, what happens next, and the claim code to keep (shown in this browser only)."""
    case = queries.get_case(actor(request), code)
    claim = claims_of(request).shown.get(case.code)
    return page(
        request,
        "cases/resident/reported.html",
        {"case": case, "claim": claim, "place": telling.place_line(case), "notes": telling.due_notes(case)},
    )


@require_GET
def scan(request: HttpRequest, tag: str) -> HttpResponse:
    """The QR on a thing or at a compound's gate."""
    if not (Facility.objects.filter(tag=tag, is_active=True).exists() or Compound.objects.filter(tag=tag).exists()):
        raise Missing(_("没有认出这个二维码。可以直接反映，再在地图上选地点。"))
    return redirect(f"{reverse('cases:report')}?tag={tag}")


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Categories for the words so far."""
    text = request.GET.get("description", "")[:500]
    return page(request, "cases/resident/suggest.html", {"chips": suggesting.chips(text) if len(text) >= 2 else []})


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """What is asked for the category chosen."""
    form = ReportForm(initial={"category": request.GET.get("category", "")})
    return page(request, "cases/resident/questions.html", {"fields": form.question_fields()})


@require_GET
def where(request: HttpRequest) -> JsonResponse:
    """The place of a point in words."""
    point = point_of(request.GET)
    node = territory().locate(*point) if point else None
    return JsonResponse(
        {"text": territory().address_of(node.id) if node else _("这里不在本区范围内，请写明地址。"), "found": node is not None}
    )


@require_GET
def similar(request: HttpRequest) -> HttpResponse:
    """有人已反映: public open cases nearby of the same kind."""
    point, code = _where_of(request), request.GET.get("category", "")
    near = queries.list_public_near(point, code) if point else []
    return page(
        request, "cases/resident/similar.html", {"items": [_similar(case, _metres(case, point)) for case in _alike(request, near, point)]}
    )


@require_GET
@needs(rules.takes_in)
def similar_inside(request: HttpRequest) -> HttpResponse:
    """The same for staff: open cases they may see, to be looked at before one more is entered."""
    by, point, code = actor(request), _where_of(request), request.GET.get("category", "")
    near = queries.list_near(by, point, code) if point else []
    items = [_similar(case, _metres(case, point)) | _inside(case, by) for case in _alike(request, near, point)]
    return page(request, "cases/desk/similar.html", {"items": items})


def _inside(case: Case, by: Actor) -> dict[str, Any]:
    door = "cases:desk_case" if rules.can_take_reports(by) else "cases:handle"
    return {"title": telling.headline(case), "code": case.code, "url": reverse(door, args=[case.code]), "join_url": ""}


def _alike(request: HttpRequest, near: list[Case], point: tuple[float, float] | None) -> list[Case]:
    return suggesting.alike(request.GET.get("description", "")[:500], [(case, _metres(case, point)) for case in near])[:MOST_SIMILAR]


def _where_of(request: HttpRequest) -> tuple[float, float] | None:
    """The point picked, else the one that the address names."""
    found = None if (point := point_of(request.GET)) else gazetteer().find(request.GET.get("address", "")[:200], here_of(request))
    return (found.lng, found.lat) if found and found.lng is not None and found.lat is not None else point


def _metres(case: Case, point: tuple[float, float] | None) -> float:
    return geo.distance_m(*point, case.lng or 0, case.lat or 0) if point else 0.0


def _similar(case: Case, metres: float) -> dict[str, Any]:
    return {
        "title": case.public_words or telling.headline(case),
        "place": _("约 %(metres)d 米") % {"metres": round(metres, -1)},
        "at": case.registered_at,
        "state_word": telling.state_word(case),
        "tone": telling.state_tone(case),
        "url": reverse("cases:public", args=[case.code]),
        "join_url": reverse("cases:join", args=[case.code]),
    }


@require_POST
def join(request: HttpRequest, code: str) -> HttpResponse:
    """我也遇到: join instead of repeat."""
    opened = join_case(
        case=queries.get_public_case(code), by=actor(request), is_anonymous=bool(request.POST.get("is_anonymous")),
        contact=Contact(request.POST.get("name", "")[:40], request.POST.get("phone", "")[:20]),
    )  # fmt: skip
    return _done(request, opened)
