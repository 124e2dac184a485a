"""What is allowed but looks wrong in places about to be saved: said to the person, who decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from gongzhi.community import levels
from gongzhi.community.actions.planning import Plan
from gongzhi.community.models import Place

SIBLINGS = (
    (levels.STREET, levels.TOWN), (levels.COMMUNITY, levels.VILLAGE), (levels.PATROL,), (levels.GRID, levels.GROUP), (levels.MICRO,),
)  # fmt: skip
"""Kinds that share the ground among them: what lies in one lies in no other."""
OVERLAP_SHARE = 0.01
"""Of the smaller one: lines drawn by hand along one street differ by less."""
INSIDE_SHARE = 0.5
NAMED = 5
MOST = 50

Pair = tuple[str, str]


def warnings_of(plan: Plan) -> list[str]:
    """Sentences, the gravest first; at most fifty of overlaps."""
    pairs = [pair for kinds in SIBLINGS for pair in _overlaps(plan, kinds)]
    words = [_("“%(one)s”和“%(other)s”的边界有重叠，请核对。") % {"one": one, "other": other} for one, other in pairs[:MOST]]
    if len(pairs) > MOST:
        words.append(_("还有 %(n)d 对边界重叠，没有一一列出。") % {"n": len(pairs) - MOST})
    words += _about(_outside(plan), _("%(n)d 个区域的边界有一大半在上级外面：%(names)s。请核对上级和坐标系。"))
    words += _about(_without_grids(plan), _("%(n)d 个社区（村）下面还没有网格：%(names)s。"))
    words += _about(_odd_codes(plan), _("%(n)d 个区域的代码和上级的前几位不一样：%(names)s。"))
    return words


def _about(names: Sequence[str], sentence: str) -> list[str]:
    if not names:
        return []
    shown = _("、").join(names[:NAMED]) + (_("等") if len(names) > NAMED else "")
    return [sentence % {"n": len(names), "names": shown}]


def _full_name(place: Place) -> str:
    """With the one above: "第一网格" is in every community."""
    return f"{place.parent.name}{place.name}" if place.parent is not None and place.kind in levels.ORDER[5:] else place.name


def _overlaps(plan: Plan, kinds: Iterable[str]) -> list[Pair]:
    fresh = [one.place for one in plan.planned if one.place.kind in kinds and one.place.polygon]
    if not fresh:
        return []
    places = fresh + _neighbours(fresh, kinds)
    shapes = np.array([shapely.from_geojson(place.polygon) for place in places], dtype=object)
    left, right = shapely.STRtree(shapes).query(shapes[: len(fresh)], predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    common = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    smaller = np.minimum(shapely.area(shapes[left]), shapely.area(shapes[right]))
    wrong = np.flatnonzero(common > OVERLAP_SHARE * smaller)
    return [(_full_name(places[left[at]]), _full_name(places[right[at]])) for at in wrong]


def _neighbours(fresh: list[Place], kinds: Iterable[str]) -> list[Place]:
    """Places in force of these kinds within the box of the new ones, those of the file apart."""
    west, south = min(one.min_lng or 0 for one in fresh), min(one.min_lat or 0 for one in fresh)
    east, north = max(one.max_lng or 0 for one in fresh), max(one.max_lat or 0 for one in fresh)
    codes = {one.code for one in fresh}
    near = Place.objects.filter(
        kind__in=list(kinds), ended_on=None, min_lng__lt=east, max_lng__gt=west, min_lat__lt=north, max_lat__gt=south
    )
    rows = near.exclude(polygon="").select_related("parent").only("code", "kind", "name", "polygon", "parent__name")
    return [place for place in rows if place.code not in codes]


def _outside(plan: Plan) -> list[str]:
    held: dict[str, BaseGeometry] = {}
    found = []
    for one in plan.written:
        place, parent = one.place, one.place.parent
        if parent is None or not parent.polygon or not place.polygon:
            continue
        if parent.code not in held:
            held[parent.code] = shapely.from_geojson(parent.polygon)
        shape = shapely.from_geojson(place.polygon)
        if shape.intersection(held[parent.code]).area < INSIDE_SHARE * shape.area:
            found.append(_full_name(place))
    return found


def _without_grids(plan: Plan) -> list[str]:
    """Communities and villages of the file below which there is no grid, neither in it nor here already."""
    wanted = {one.place.code: one.place for one in plan.planned if one.place.kind in (levels.COMMUNITY, levels.VILLAGE)}
    if not wanted:
        return []
    below = [one.place for one in plan.planned if one.place.kind in (levels.GRID, levels.GROUP)]
    held = {part for place in below for part in place.path.split("/")}
    ids = [place.pk for place in wanted.values() if place.pk is not None]
    grids = Place.objects.filter(kind__in=(levels.GRID, levels.GROUP), ended_on=None)
    for column in ("parent_id", "parent__parent_id"):
        pks = set(grids.filter(**{f"{column}__in": ids}).values_list(column, flat=True)) if ids else set()
        held |= {place.code for place in wanted.values() if place.pk in pks}
    return [place.name for code, place in sorted(wanted.items()) if code not in held]


def _odd_codes(plan: Plan) -> list[str]:
    found = []
    for one in plan.planned:
        parent = one.place.parent
        if parent is not None and not one.place.code.startswith(parent.code[:12] if one.place.kind != levels.MICRO else parent.code):
            found.append(_full_name(one.place))
    return found
