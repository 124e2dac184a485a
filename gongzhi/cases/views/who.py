"""Who looks at a page: the actor of the request, and the doors that ask for a post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.cases.claims import claims_of
from gongzhi.community.actors import Actor, actor_of
from gongzhi.community.levels import DISTRICT
from gongzhi.community.territory import Node, territory
from gongzhi.community.views.doing import door

HERE = "here"
"""Session key: the code of the community or grid chosen in this browser."""


def actor(request: HttpRequest) -> Actor:
    """The actor of this request, claims of this browser included."""
    return actor_of(request.user, claims=claims_of(request).cases)


def here_of(request: HttpRequest) -> Node | None:
    """The community or grid this browser chose on the home page."""
    return territory().by_code.get(str(request.session.get(HERE, "")))


def point_of(given: Mapping[str, str]) -> tuple[float, float] | None:
    """The point (lng, lat) that an address or a form names; None for none and for what is no place on Earth."""
    try:
        lng, lat = float(given["lng"]), float(given["lat"])
    except (KeyError, ValueError):
        return None
    return (lng, lat) if -180 <= lng <= 180 and -90 <= lat <= 90 else None


def desk_of(by: Actor, *roles: str) -> Node | None:
    """The one place in which somebody with these posts works; the whole district says too little."""
    places = {post.place_id for post in by.with_role(*roles) if post.rung and post.rung != DISTRICT}
    return territory().nodes.get(places.pop()) if len(places) == 1 else None


needs = door(actor)


def idempotency_scope(request: HttpRequest) -> str:
    """Whose keys these are: the user's, else this browser's."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    if not request.session.session_key:
        request.session.create()
    return f"session:{request.session.session_key}"


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a template; a form with errors answers 422 so that htmx and the outbox know."""

    return render(request, template, context, status=status)
