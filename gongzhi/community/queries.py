"""What can be asked about places, bodies, posts and things."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from gongzhi.community.models import Body, Compound, Facility, Place, Post
from gongzhi.community.territory import territory
from gongzhi.kernel import clock, geo
from gongzhi.kernel.errors import Missing


def list_posts_at(place_ids: Iterable[int], roles: Iterable[str]) -> list[Post]:
    """Posts of some roles in some places today: who serves here (public: unit, role, name)."""
    rows = Post.objects.filter(place_id__in=list(place_ids), role__in=list(roles)).held_on(clock.today())
    return list(rows.select_related("user", "body", "place").order_by("place_id", "role"))


def get_facility(tag: str) -> Facility:
    """The thing behind a QR tag."""
    row = Facility.objects.filter(tag=tag, is_active=True).select_related("place", "compound").first()
    if row is None:
        raise Missing()
    return row


def get_compound(tag: str) -> Compound:
    """The compound behind a QR tag."""
    row = Compound.objects.filter(tag=tag).select_related("place").first()
    if row is None:
        raise Missing()
    return row


def list_vacant_grids() -> list[int]:
    """Ids of grids without a grid worker today (mission 2: no grid without a named person)."""

    held = set(Post.objects.filter(role="grid_worker").held_on(clock.today()).values_list("place_id", flat=True))
    return [node.id for node in territory().nodes.values() if node.kind in ("grid", "group") and node.id not in held]


def body_by_code(code: str) -> Body:
    row = Body.objects.filter(code=code, is_active=True).first()
    if row is None:
        raise Missing()
    return row


def outlines(place_ids: Iterable[int]) -> dict[str, Any]:
    """The outlines of some places as GeoJSON polygons with their names, simplified for a screen."""
    held = territory()
    rows = Place.objects.filter(pk__in=list(place_ids)).exclude(polygon="").values_list("pk", "polygon")
    features = [
        {"type": "Feature", "geometry": json.loads(geo.to_display(polygon)), "properties": {"name": held.nodes[pk].label}}
        for pk, polygon in rows
        if pk in held.nodes
    ]
    return {"type": "FeatureCollection", "features": features}
