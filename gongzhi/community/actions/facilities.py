"""Things taken in from a survey (部件普查): each placed, owned and given the number of its label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from django.utils.translation import gettext as _

from gongzhi.community.directory import bodies
from gongzhi.community.models import Body, Compound, Facility, Place
from gongzhi.community.territory import Node, territory
from gongzhi.kernel import audit, codes, geo
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.sheets import Context, ValidRow

FIELDS = ("kind", "name", "owner", "place", "compound", "category_code", "lng", "lat", "is_active")


def check_facility(values: dict[str, Any]) -> None:
    """The values of a row with `owner_id`, `place_id`, `lng` and `lat` put in; raises DomainError with the column."""
    values["owner_id"] = _owner(values["owner"]).pk
    values["place_id"], values["lng"], values["lat"] = _spot(values)


def _owner(text: str) -> Body:
    active = [row for row in bodies().values() if row.is_active]
    found = [row for row in active if row.code == text] or [row for row in active if text in (row.name, row.name_en)]
    if not found:
        raise DomainError(_("没有“%(name)s”这个单位。请写单位代码或全称。") % {"name": text[:30]}, field="owner")
    if len(found) > 1:
        raise DomainError(_("叫“%(name)s”的单位有 %(n)d 个，请改写单位代码。") % {"name": text[:30], "n": len(found)}, field="owner")
    return found[0]


def _spot(values: dict[str, Any]) -> tuple[int, float, float]:
    """Place and point: each follows from the other, and both must agree."""
    node = _node(values["place"])
    point = _point(values)
    if point is None:
        if node is None:
            raise DomainError(_("不知道在哪里：请写网格代码，或者写经度和纬度。"), field="place")
        return node.id, *_middle(node)
    found = territory().locate(*point)
    if node is None:
        if found is None:
            raise DomainError(_("这个点不在任何网格里。请核对经纬度和坐标系，或者写上网格代码。"), field="lng")
        return found.id, *point
    if found is not None and not territory().is_within(found.id, node.id) and not territory().is_within(node.id, found.id):
        words = {"found": territory().address_of(found.id), "place": territory().address_of(node.id)}
        raise DomainError(_("经纬度落在“%(found)s”，和写的“%(place)s”对不上，请核对。") % words, field="lng")
    inner = found if found is not None and territory().is_within(found.id, node.id) else node
    return inner.id, *point


def _node(code: str) -> Node | None:
    if not code:
        return None
    node = territory().by_code.get(code)
    if node is None:
        raise DomainError(_("没有代码是 %(code)s 的区域。") % {"code": code[:20]}, field="place")
    return node


def _point(values: dict[str, Any]) -> tuple[float, float] | None:
    lng, lat = values["lng"], values["lat"]
    if lng is None and lat is None:
        return None
    if lng is None or lat is None:
        raise DomainError(_("经度和纬度要一起写。"), field="lng" if lng is None else "lat")
    try:
        return geo.to_wgs84(*geo.check_point(lng, lat), values["datum"] or geo.WGS84)
    except DomainError as refused:
        raise DomainError(refused.message, field="lng") from None


def _middle(node: Node) -> tuple[float, float]:
    """A point inside the outline."""
    polygon = Place.objects.filter(pk=node.id).values_list("polygon", flat=True).first()
    if not polygon:
        raise DomainError(_("“%(name)s”还没有边界，请写上经度和纬度。") % {"name": node.label}, field="place")
    inside = shapely.from_geojson(polygon).representative_point()
    return inside.x, inside.y


def take_in_facilities(rows: Sequence[ValidRow], context: Context) -> list[tuple[int, str]]:
    """Write a batch: a code that is known is changed (its label stays good), a new one gets its label's number."""
    known = {row.code: row for row in Facility.objects.filter(code__in=[row.values["code"] for row in rows])}
    named = [row.values["compound"] for row in rows if row.values["compound"]]
    compounds = {row.code: row for row in Compound.objects.filter(code__in=named)}
    fresh: dict[str, Facility] = {}
    changed: dict[str, Facility] = {}
    refused: list[tuple[int, str]] = []
    for row in rows:
        code, compound = row.values["code"], row.values["compound"]
        if code in fresh or code in changed:
            refused.append((row.number, _("编号 %(code)s 在这份表里出现了不止一次，只导入了第一行。") % {"code": code}))
        elif compound and compound not in compounds:
            refused.append((row.number, _("没有代码是 %(code)s 的小区。") % {"code": compound}))
        else:
            kept = changed if code in known else fresh
            kept[code] = _facility(row.values, known.get(code), compounds.get(compound))
    Facility.objects.bulk_create(fresh.values(), batch_size=500)
    Facility.objects.bulk_update(changed.values(), FIELDS, batch_size=200)
    facts = {"import": context.import_id, "created": len(fresh), "changed": len(changed)}
    if fresh or changed:
        audit.record(verb="facilities.import", obj=audit.Ref("community.facilities", context.import_id), by=context.by_id, facts=facts)
    return refused


def _facility(values: dict[str, Any], held: Facility | None, compound: Compound | None) -> Facility:
    row = held or Facility(code=values["code"], tag=codes.new_code())
    row.kind, row.name, row.owner_id, row.place_id = values["kind"], values["name"], values["owner_id"], values["place_id"]
    row.compound = compound or row.compound
    row.category_code = values["category"] or row.category_code
    row.lng, row.lat = values["lng"], values["lat"]
    row.is_active = values["is_active"] is not False
    return row
