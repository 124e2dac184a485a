"""Saving places: code and parent checked, polygon cleaned, the tree in process told to reload."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.community import levels
from gongzhi.community.events import PlacesChanged
from gongzhi.community.models import Place
from gongzhi.kernel import audit, caches, events, geo
from gongzhi.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class PlaceData:
    """A place as given: `polygon` is a GeoJSON geometry in WGS-84 or None."""

    kind: str
    code: str
    name: str
    parent_code: str = ""
    name_en: str = ""
    polygon: dict[str, Any] | None = None
    households: int | None = None
    community_type: str = ""
    in_force_on: dt.date | None = None


def save_place(*, data: PlaceData, by: int | None) -> Place:
    """Create a place or update the one with its code."""
    return save_places(rows=[data], by=by)[0]


@transaction.atomic
def save_places(*, rows: Iterable[PlaceData], by: int | None) -> list[Place]:
    """Create or update many places, parents before children. All or nothing; the sentence names the row's code."""
    wanted = list(rows)
    known = {place.code: place for place in Place.objects.filter(code__in=_codes(wanted))}
    saved = []
    for data in wanted:
        place = known.get(data.code) or Place(code=data.code)
        _fill(place, data, known)
        saved.append(place)
        known[data.code] = place
    _write(saved)
    audit.record(verb="places.save", obj=saved[0], by=by, facts={"count": len(saved)}) if saved else None
    caches.touch("places", "gazetteer")
    events.publish(PlacesChanged(len(saved)))
    return saved


def _codes(rows: list[PlaceData]) -> set[str]:
    return {row.code for row in rows} | {row.parent_code for row in rows if row.parent_code}


def _write(places: list[Place]) -> None:
    """Level by level, so that a child finds its parent's id."""
    fresh = [place for place in places if place.pk is None]
    for depth in sorted({place.path.count("/") for place in fresh}):
        batch = [place for place in fresh if place.path.count("/") == depth]
        for place in batch:
            if place.parent is not None:
                place.parent_id = place.parent.pk
        Place.objects.bulk_create(batch, batch_size=500)
    new = set(map(id, fresh))
    for place in places:
        if id(place) not in new:
            place.save()


def _fill(place: Place, data: PlaceData, known: dict[str, Place]) -> None:
    if data.kind not in levels.PARENTS:
        raise DomainError(_("%(code)s：没有“%(kind)s”这一级。") % {"code": data.code, "kind": data.kind}, field="kind")
    if not levels.is_valid_code(data.kind, data.code):
        raise DomainError(_("%(code)s：代码位数不对。区县6位、街道9位、社区12位、网格15位。") % {"code": data.code}, field="code")
    parent = known.get(data.parent_code) if data.parent_code else None
    allowed = levels.PARENTS[levels.DISTRICT if data.kind == levels.DISTRICT else data.kind]
    if bool(allowed) != (parent is not None) or (parent is not None and parent.kind not in allowed):
        raise DomainError(_("%(code)s：上级不对，找不到或级别不符。请先导入上级。") % {"code": data.code}, field="parent")
    place.kind, place.name, place.name_en, place.parent = data.kind, data.name, data.name_en, parent
    place.households, place.community_type, place.in_force_on = data.households, data.community_type, data.in_force_on
    place.path = place.path_below(parent)
    if data.polygon is not None:
        place.polygon, (place.min_lng, place.min_lat, place.max_lng, place.max_lat) = geo.clean_polygon(data.polygon)
