"""The resident's home: where I am, my newest matter, what is public nearby, who serves here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongzhi.cases import queries as cases
from gongzhi.cases.views.nearby import public_card
from gongzhi.cases.views.resident import card
from gongzhi.cases.views.who import HERE, actor, here_of, point_of
from gongzhi.community.levels import COMMUNITY
from gongzhi.community.queries import list_posts_at
from gongzhi.community.territory import Node, territory

SERVING = ("grid_worker", "secretary")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page of everyone."""
    node, by = here_of(request), actor(request)
    community_id = node.keys.get(COMMUNITY) if node else None
    newest = cases.list_mine(by, size=1).rows
    public = cases.list_public(place_field="community_id" if community_id else "", place_id=community_id, size=3).rows
    context = {
        "node": node,
        "where": territory().address_of(node.id) if node else "",
        "communities": _communities(),
        "newest": card(newest[0], cases.list_steps(newest[0], public_only=True)) if newest else None,
        "public": [public_card(case) for case in public],
        "people": _people(node),
    }
    return render(request, "web/home.html", context)


def _communities() -> list[dict[str, str]]:
    held = territory()
    return [{"code": node.code, "name": held.address_of(node.id)} for node in held.nodes.values() if node.rung == COMMUNITY]


def _people(node: Node | None) -> list[dict[str, Any]]:
    if node is None:
        return []
    posts = list_posts_at([one.id for one in territory().up(node.id)], SERVING)
    return [{"name": str(post.user), "role": post.get_role_display(), "unit": str(post.body), "phone": post.body.phone} for post in posts]


@require_POST
def choose_here(request: HttpRequest) -> HttpResponse:
    """Keep where I am in this browser only: by a point (the point itself is not kept) or by a code."""
    node = territory().by_code.get(request.POST.get("code", ""))
    if node is None and (point := point_of(request.POST)):
        node = territory().locate(*point)
    if node is not None:
        request.session[HERE] = node.code
    return redirect(reverse("web:home"))
