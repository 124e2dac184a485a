"""The tree of places, one level at a time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from gongzhi.community import queries
from gongzhi.community.models import Place
from gongzhi.community.territory import Node, territory
from gongzhi.community.views.guard import operators_only
from gongzhi.kernel.errors import Missing


@require_GET
@operators_only
def root(request: HttpRequest) -> HttpResponse:
    """The districts, or what a search finds anywhere."""
    return _level(request, None)


@require_GET
@operators_only
def below(request: HttpRequest, code: str) -> HttpResponse:
    """What stands directly below a place."""
    return _level(request, _node(code))


@require_GET
@operators_only
def outline(request: HttpRequest, code: str) -> JsonResponse:
    """The outlines of what stands directly below, or of the place itself where nothing below is drawn."""
    node = _node(code)
    drawn = queries.outlines([child.id for child in territory().children.get(node.id, [])])
    return JsonResponse(drawn if drawn["features"] else queries.outlines([node.id]))


def _node(code: str) -> Node:
    node = territory().by_code.get(code)
    if node is None:
        raise Missing()
    return node


def _level(request: HttpRequest, node: Node | None) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:60]
    level = queries.list_level(node.id if node else None, words=words, after=request.GET.get("after", "")[:20])
    context = {
        "here": node,
        "trail": list(reversed(list(territory().up(node.id))))[:-1] if node else [],
        "rows": [_row(one, one.id in level.with_outline) for one in level.nodes],
        "words": words,
        "pager": {"next": level.next_code, "previous": "", "total": None, "shown": len(level.nodes)},
        "is_empty": not territory().nodes,
        "map_url": reverse("community:outline", args=[node.code]) if node and not words else "",
        "may_edit": request.user.is_staff,
    }
    return render(request, "community/places.html", context)


def _row(node: Node, is_drawn: bool) -> dict[str, Any]:
    held = territory()
    return {
        "node": node,
        "kind": Place.Kind(node.kind).label,
        "above": held.address_of(node.parent_id),
        "children": len(held.children.get(node.id, [])),
        "grids": queries.count_grids(node),
        "households": queries.households_of(node),
        "is_drawn": is_drawn,
    }
