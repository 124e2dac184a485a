"""身边: the public map and list. Only what its reporter and the rules let out, as a coarse point and in the desk's words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongzhi.cases import queries, telling
from gongzhi.cases.models import Case
from gongzhi.cases.views.who import actor, here_of, page
from gongzhi.community.actors import Actor
from gongzhi.community.levels import COMMUNITY, GRID, MICRO
from gongzhi.community.queries import outlines
from gongzhi.community.territory import LEVEL_FIELDS, Node, territory
from gongzhi.kernel import clock

COARSE = 3
"""Decimal places of a public point on the map: about a hundred metres."""
MOST_POINTS = 500


def public_card(case: Case) -> dict[str, Any]:
    return {
        "case": case,
        "title": case.public_words,
        "category": telling.headline(case),
        "place": territory().address_of(case.community_id) if case.community_id else "",
        "word": telling.state_word(case),
        "tone": telling.state_tone(case),
    }


@require_GET
def nearby(request: HttpRequest) -> HttpResponse:
    """Map and list of public cases, of one community or of all."""
    node = territory().by_code.get(request.GET.get("place", ""))
    field = LEVEL_FIELDS.get(node.rung or "", "") if node else ""
    found = queries.list_public(
        place_field=field, place_id=node.id if node and field else None, after=request.GET.get("after", ""), size=20
    )
    pager = {"next": found.next_key or "", "previous": "", "total": None, "shown": len(found.rows)}
    context = {"cards": [public_card(case) for case in found.rows], "pager": pager, "groups": [_place_filter(node)], "node": node}
    return page(request, "cases/resident/nearby.html", context)


def _place_filter(chosen: Any) -> dict[str, Any]:
    held = territory()
    options = [{"value": node.code, "text": node.label, "count": None} for node in held.nodes.values() if node.rung == COMMUNITY]
    return {"key": "place", "label": _("社区"), "options": options, "multi": False, "flat": False, "chosen": chosen.code if chosen else ""}


@require_GET
def points(request: HttpRequest) -> JsonResponse:
    """Public cases as GeoJSON points within ?bbox=w,s,e,n, newest first."""
    rows = queries.list_public_in(_bbox(request), limit=MOST_POINTS)
    return JsonResponse({"type": "FeatureCollection", "features": [_feature(case) for case in rows]})


@require_GET
def areas(request: HttpRequest) -> JsonResponse:
    """The ground of a map: the grids of the community this browser chose or a post is in, else every community."""
    held = territory()
    chosen = here_of(request) or _community_of(actor(request))
    wanted, within = (held.below(chosen.id), GRID) if chosen else (held.nodes.values(), COMMUNITY)
    return JsonResponse(outlines([node.id for node in wanted if node.rung == within and node.kind != MICRO]))


def _community_of(by: Actor) -> Node | None:
    held = territory()
    ids = (held.nodes[post.place_id].keys.get(COMMUNITY) for post in by.held if post.place_id in held.nodes)
    return next((held.nodes[found] for found in ids if found is not None), None)


def _bbox(request: HttpRequest) -> tuple[float, float, float, float] | None:
    try:
        west, south, east, north = (float(part) for part in request.GET.get("bbox", "").split(","))
    except ValueError:
        return None
    return west, south, east, north


def _feature(case: Case) -> dict[str, Any]:
    properties = {
        "title": case.public_words,
        "url": reverse("cases:public", args=[case.code]),
        "tone": telling.state_tone(case),
        "word": telling.state_word(case),
    }
    point = [round(case.lng or 0, COARSE), round(case.lat or 0, COARSE)]
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": point}, "properties": properties}


@require_GET
def public(request: HttpRequest, code: str) -> HttpResponse:
    """One public case: what, roughly where, who is on it, how it goes. No one's words but the desk's and the unit's."""
    case = queries.get_public_case(code)
    steps = queries.list_steps(case, public_only=True)
    told = [telling.tell(step, inside=False) for step in steps if step.verb not in ("ask_back", "reopen", "rate")]
    context = {**public_card(case), "parcel": telling.parcel(case, steps), "steps": told, "now": clock.now()}
    return page(request, "cases/resident/public.html", context)
