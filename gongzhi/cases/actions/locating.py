"""Where a case is: from the QR of a thing or compound, a point, or an address; and which grid that lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Category
from gongzhi.community.gazetteer import gazetteer
from gongzhi.community.models import Compound, Facility
from gongzhi.community.territory import Node, level_keys, territory
from gongzhi.kernel import search
from gongzhi.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as given: WGS-84 point, written address, the tag of a thing's or a compound's QR, or a place's code.

    `near_code` is only a hint, the area in which the report is made: it decides between namesakes, and is where the case belongs
    when nothing else says where it is.
    """

    lng: float | None = None
    lat: float | None = None
    address: str = ""
    facility_tag: str = ""
    compound_tag: str = ""
    place_code: str = ""
    near_code: str = ""


def place_changes(spot: Spot) -> dict[str, Any]:
    """The columns of a case that say where it is. An unknown tag or an impossible point is refused in words."""
    lng, lat = _checked_point(spot)
    thing = _tagged_facility(spot.facility_tag)
    compound = thing.compound if thing else _tagged_compound(spot.compound_tag)
    lng, lat, place_id, address = _known_position(spot, lng, lat, thing, compound)
    if place_id is None and lng is not None and lat is not None:
        node = territory().locate(lng, lat)
        place_id = node.id if node else None
    if place_id is None and lng is None:
        lng, lat, place_id = _by_words(address, territory().by_code.get(spot.near_code))
    node = territory().nodes.get(place_id) if place_id is not None else None
    return {
        **level_keys(place_id),
        "place_id": place_id,
        "place_path": node.path if node else "",
        "lng": lng,
        "lat": lat,
        "address": address[:200],
        "facility_id": thing.pk if thing else None,
        "compound_id": compound.pk if compound else None,
    }


def _known_position(
    spot: Spot, lng: float | None, lat: float | None, thing: Facility | None, compound: Compound | None
) -> tuple[float | None, float | None, int | None, str]:
    """Point, place and address as the thing, the compound or the place's code knows them; what was given by hand wins."""
    if thing:
        return thing.lng, thing.lat, thing.place_id, spot.address or str(thing)
    if compound:
        inside = lng is not None and lat is not None
        return (
            (lng if inside else compound.lng),
            (lat if inside else compound.lat),
            compound.place_id,
            spot.address or compound.address or compound.name,
        )
    place_id = None
    if spot.place_code and lng is None:
        node = territory().by_code.get(spot.place_code)
        if node is None:
            raise DomainError(_("没有这个区域代码。请核对，或在地图上选地点。"), field="place_code")
        place_id = node.id
    return lng, lat, place_id, spot.address.strip()


def _checked_point(spot: Spot) -> tuple[float | None, float | None]:
    if (spot.lng is None) != (spot.lat is None):
        raise DomainError(_("位置不完整：经度和纬度要一起填写。"), field="lat")
    if spot.lng is None or spot.lat is None:
        return None, None
    if not (-180 <= spot.lng <= 180 and -90 <= spot.lat <= 90):
        raise DomainError(_("位置不对：经度在 -180 到 180 之间，纬度在 -90 到 90 之间。是不是写反了？"), field="lat")
    return spot.lng, spot.lat


def _tagged_facility(tag: str) -> Facility | None:
    if not tag:
        return None
    thing = Facility.objects.filter(tag=tag, is_active=True).select_related("compound", "owner").first()
    if thing is None:
        raise DomainError(_("没有认出这个设施的二维码。请在地图上选地点，或写明地址。"), field="facility_tag")
    return thing


def _tagged_compound(tag: str) -> Compound | None:
    if not tag:
        return None
    compound = Compound.objects.filter(tag=tag).first()
    if compound is None:
        raise DomainError(_("没有认出这个小区的二维码。请在地图上选地点，或写明地址。"), field="compound_tag")
    return compound


def _by_words(address: str, near: Node | None) -> tuple[float | None, float | None, int | None]:
    """What the address names; else the area the report comes from, for its own desk to place exactly; else not located."""
    found = gazetteer().find(address, near) if address else None
    if found is None:
        return None, None, near.id if near and near.rung else None
    return found.lng, found.lat, found.place_id


def category_named(code: str) -> Category:
    """The active category of a code."""
    row = catalogue().by_code.get(code)
    if row is None or not row.is_active:
        raise DomainError(_("没有这个类别。请从列表里选一个。"), field="category")
    return row


def text_for_search(code: str, description: str, address: str) -> str:
    """The stored bigram column."""
    return search.bigrams(f"{code} {description} {address}")
