"""What can be asked about places, bodies, posts and things."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from gongzhi.community.actors import Actor
from gongzhi.community.levels import GRID, GROUP
from gongzhi.community.models import Body, Compound, Facility, Place, Post
from gongzhi.community.territory import Node, territory
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


@dataclass(frozen=True, slots=True)
class Level:
    """One page of places side by side: those under a place, the districts, or what a search found."""

    nodes: list[Node]
    with_outline: frozenset[int]
    next_code: str


def list_level(place_id: int | None, *, words: str = "", after: str = "", size: int = 50) -> Level:
    """Places under one, by code, or (with words) every place whose name or code holds them. One statement."""
    held = territory()
    if words:
        found = [node for node in held.nodes.values() if words in node.name or words in node.code or words.lower() in node.name_en.lower()]
    else:
        found = held.children.get(place_id, [])
    rows = sorted((node for node in found if node.code > after), key=lambda node: node.code)[: size + 1]
    nodes = rows[:size]
    drawn = Place.objects.filter(pk__in=[node.id for node in nodes]).exclude(polygon="").values_list("pk", flat=True)
    return Level(nodes, frozenset(drawn), nodes[-1].code if len(rows) > size else "")


def households_of(node: Node) -> int | None:
    """As counted for the place itself, else the sum of what stands below; None where nobody counted."""
    if node.households is not None:
        return node.households
    below = [count for child in territory().children.get(node.id, []) if (count := households_of(child)) is not None]
    return sum(below) if below else None


def count_grids(node: Node) -> int:
    """Grids and villagers' groups below (or the one itself)."""
    return sum(one.kind in (GRID, GROUP) for one in territory().below(node.id))


@dataclass(frozen=True, slots=True)
class LabelFilter:
    """What of one's own things is asked for: a kind ("compound" or one of Facility.Kind), a place and what is below, words."""

    kind: str = ""
    place_id: int | None = None
    words: str = ""


def labelled(actor: Actor, asked: LabelFilter) -> tuple[QuerySet[Compound], QuerySet[Facility]]:
    """Compounds and things that bear a QR and are in this person's charge: those of his area, or those of his firm. Fails closed."""
    mine_c, mine_f = (Q(), Q()) if actor.with_role("operator") else _charge(actor)
    compounds = Compound.objects.filter(mine_c) if asked.kind in ("", "compound") else Compound.objects.none()
    things = Facility.objects.filter(mine_f, is_active=True) if asked.kind != "compound" else Facility.objects.none()
    if asked.kind not in ("", "compound"):
        things = things.filter(kind=asked.kind)
    if asked.place_id is not None:
        ids = [node.id for node in territory().below(asked.place_id)]
        compounds, things = compounds.filter(place_id__in=ids), things.filter(place_id__in=ids)
    if asked.words:
        words = Q(name__icontains=asked.words) | Q(code__icontains=asked.words)
        compounds, things = compounds.filter(words | Q(address__icontains=asked.words)), things.filter(words)
    return compounds.order_by("code"), things.order_by("code")


def _charge(actor: Actor) -> tuple[Q, Q]:
    """Secretary and grid worker by place; a steward by the firm that manages or owns. No post: nothing."""
    held = territory()
    areas = {post.place_id for post in actor.with_role("secretary", "grid_worker") if post.place_id in held.nodes}
    ids = [node.id for area in sorted(areas) for node in held.below(area)]
    firms = [post.body_id for post in actor.with_role("steward")]
    compounds = Q(place_id__in=ids) | Q(manager_id__in=firms)
    return compounds, Q(place_id__in=ids) | Q(owner_id__in=firms) | Q(compound__manager_id__in=firms)


Labelled = Compound | Facility


def list_labelled(found: tuple[QuerySet[Compound], QuerySet[Facility]], *, after: str = "", size: int = 63) -> tuple[list[Labelled], str]:
    """One page, compounds before things, each by code; and the key of the next. `after`: "c:CODE" or "f:CODE"."""
    mark, _sep, code = after.partition(":")
    rows: list[Labelled] = []
    if mark != "f":
        rows += found[0].filter(code__gt=code)[: size + 1]
    if len(rows) <= size:
        rows += found[1].filter(code__gt=code if mark == "f" else "")[: size + 1 - len(rows)]
    more = len(rows) > size
    rows = rows[:size]
    return rows, f"{'c' if isinstance(rows[-1], Compound) else 'f'}:{rows[-1].code}" if more else ""
