"""The polygons of a board's map: simplified once per version of the territory, coloured anew by each answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from gongzhi.community.levels import COMMUNITY, GRID, STREET
from gongzhi.community.models import Place
from gongzhi.community.territory import Node, Territory, territory
from gongzhi.kernel import geo

MOST_FEATURES = 2500
"""More polygons than this are not drawn smoothly on a screen: the next rung up is drawn instead."""


class _Shapes:
    """Simplified geometries by place id; they live as long as the territory they were drawn from."""

    def __init__(self) -> None:
        self.of: Territory | None = None
        self.texts: dict[int, str] = {}

    def get(self, place_ids: Iterable[int]) -> dict[int, str]:
        """GeoJSON text of each place that has a polygon; asks the database only for those not drawn before."""
        held, wanted = territory(), list(place_ids)
        if self.of is not held:
            self.of, self.texts = held, {}
        missing = [pk for pk in wanted if pk not in self.texts]
        if missing:
            self.texts |= dict.fromkeys(missing, "") | _drawn(missing)
        return {pk: self.texts[pk] for pk in wanted if self.texts[pk]}


def _drawn(place_ids: list[int]) -> dict[int, str]:
    rows = Place.objects.filter(pk__in=place_ids).exclude(polygon="").values_list("pk", "polygon")
    return {pk: geo.to_display(polygon) for pk, polygon in rows}


_shapes = _Shapes()


def parts_of(area: Node) -> list[Node]:
    """What the map of an area shows: its grids, or the lowest rung that a screen can hold. A grid shows itself."""
    below = [node for node in territory().below(area.id) if node.rung and node.keys.get(node.rung) == node.id]
    for rung in (GRID, COMMUNITY, STREET):
        found = [node for node in below if node.rung == rung]
        if found and len(found) <= MOST_FEATURES:
            return found
    return [area]


def children_of(area: Node) -> list[Node]:
    """The areas one step down the ladder: streets of the district, communities of a street, grids of a community."""
    found: list[Node] = []
    stack = list(territory().children.get(area.id, ()))
    while stack:
        node = stack.pop()
        if node.rung is None:
            stack.extend(territory().children.get(node.id, ()))
        elif node.keys.get(node.rung) == node.id:
            found.append(node)
    return sorted(found, key=lambda node: node.code)


def step_towards(area: Node, node: Node) -> Node:
    """The area one step below `area` that holds `node`: where a click on the map leads."""
    inside = [one for one in territory().up(node.id) if one.id != area.id and one.rung and territory().is_within(one.id, area.id)]
    return inside[-1] if inside else node


def features(
    parts: list[Node], *, counts: Mapping[int, int], late: Mapping[int, int], name: Callable[[Node], str], url: Callable[[Node], str]
) -> str:
    """A GeoJSON FeatureCollection as text; properties `name`, `url`, `open`, `late`."""
    shapes = _shapes.get(node.id for node in parts)
    rows = []
    for node in parts:
        if shape := shapes.get(node.id):
            said = {"name": name(node), "url": url(node), "open": counts.get(node.id, 0), "late": late.get(node.id, 0)}
            properties = json.dumps(said, ensure_ascii=False)
            rows.append(f'{{"type": "Feature", "geometry": {shape}, "properties": {properties}}}')
    return f'{{"type": "FeatureCollection", "features": [{", ".join(rows)}]}}'
