"""The territory held in process: the tree of places and the polygon index, always as fresh as the request that asks.

`point to grid` never asks the database. Reloaded when the "places" version moves (kernel.caches).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import get_language

from gongzhi.community.levels import COMMUNITY, DISTRICT, GRID, PATROL, RUNG, STREET
from gongzhi.community.models import Place
from gongzhi.kernel.caches import Cached
from gongzhi.kernel.geo import PolygonIndex


@dataclass(frozen=True, slots=True)
class Node:
    """One place of the tree; `keys` maps a rung to the id of the ancestor (or itself) on it."""

    id: int
    kind: str
    code: str
    name: str
    name_en: str
    parent_id: int | None
    path: str
    community_type: str
    households: int | None
    keys: dict[str, int] = field(default_factory=dict)

    @property
    def rung(self) -> str | None:
        return RUNG.get(self.kind)

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class Territory:
    """All places in force, by id and code, with lazily built polygon index."""

    def __init__(self, nodes: dict[int, Node], polygons: list[tuple[int, str]]) -> None:
        self.nodes = nodes
        self.by_code = {node.code: node for node in nodes.values()}
        self._polygons = polygons
        self.children: dict[int | None, list[Node]] = {}
        for node in nodes.values():
            self.children.setdefault(node.parent_id, []).append(node)

    @cached_property
    def index(self) -> PolygonIndex[int]:
        return PolygonIndex(self._polygons)

    def locate(self, lng: float, lat: float) -> Node | None:
        """The smallest place (patrol grids apart) whose polygon holds the point, or None: not located."""
        key = self.index.find(lng, lat)
        return self.nodes[key] if key is not None else None

    def up(self, place_id: int | None) -> Iterator[Node]:
        """The place and its ancestors, lowest first."""
        while place_id is not None and (node := self.nodes.get(place_id)):
            yield node
            place_id = node.parent_id

    def below(self, place_id: int) -> Iterator[Node]:
        """The place and everything under it."""
        stack = [self.nodes[place_id]]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(self.children.get(node.id, ()))

    def is_within(self, place_id: int | None, area_id: int) -> bool:
        return any(node.id == area_id for node in self.up(place_id))

    def address_of(self, place_id: int | None) -> str:
        """ "南宁街道 · 潇湘社区 · 第3网格": street and below, patrol grids left out."""
        names = [node.label for node in self.up(place_id) if node.kind not in (PATROL, DISTRICT)]
        return " · ".join(reversed(names))


def _load() -> Territory:
    rows = list(
        Place.objects.filter(ended_on=None)
        .order_by("path")
        .values_list("id", "kind", "code", "name", "name_en", "parent_id", "path", "community_type", "households", "polygon")
    )
    nodes: dict[int, Node] = {}
    for row in rows:
        node = Node(*row[:9])
        above = nodes[node.parent_id].keys if node.parent_id in nodes else {}
        node.keys.update(above)
        if node.rung and not (node.rung == GRID and GRID in above):
            node.keys[node.rung] = node.id
        nodes[node.id] = node
    return Territory(nodes, [(row[0], row[-1]) for row in rows if row[-1] and row[1] != PATROL])


_cached = Cached("places", _load)


def territory() -> Territory:
    """The territory as of this request."""
    return _cached.get()


LEVEL_FIELDS = {DISTRICT: "district_id", STREET: "street_id", COMMUNITY: "community_id", GRID: "grid_id"}
"""Rung -> the level key a fact stores, so that a scope is an equality and never a path range."""


def level_keys(place_id: int | None) -> dict[str, int | None]:
    """The level keys of a place for storing on a fact: {"district_id": …, "street_id": …, "community_id": …, "grid_id": …}."""
    node = territory().nodes.get(place_id) if place_id is not None else None
    return {name: (node.keys.get(rung) if node else None) for rung, name in LEVEL_FIELDS.items()}
