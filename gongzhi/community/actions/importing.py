"""Places from outside: GeoJSON polygons (WGS-84, GCJ-02 or BD-09) and division-code sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.community import levels
from gongzhi.community.actions.places import PlaceData, save_places
from gongzhi.community.models import Place
from gongzhi.kernel import geo
from gongzhi.kernel.errors import DomainError


def import_geojson(
    *,
    collection: Mapping[str, Any],
    kind: str,
    by: int | None,
    parent_code: str = "",
    datum: str = "wgs84",
    code_field: str = "code",
    name_field: str = "name",
) -> list[Place]:
    """Features become places of one kind; without a code field they are numbered below the parent. Coordinates end in WGS-84."""
    features = collection.get("features")
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list) or not features:
        raise DomainError(_("这不是 GeoJSON 边界文件：应当是 FeatureCollection，里面至少有一块边界。"), field="file")
    rows = [_row(number, one, kind, parent_code, datum, code_field, name_field) for number, one in enumerate(features, start=1)]
    return save_places(rows=rows, by=by)


def _row(number: int, feature: Any, kind: str, parent_code: str, datum: str, code_field: str, name_field: str) -> PlaceData:
    properties = (feature.get("properties") or {}) if isinstance(feature, dict) else {}
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    name = str(properties.get(name_field) or "").strip()
    if not isinstance(geometry, dict) or not name:
        raise DomainError(_("第 %(n)d 块边界缺少名称或图形。请检查字段“%(field)s”。") % {"n": number, "field": name_field}, field="file")
    code = str(properties.get(code_field) or "").strip() or f"{parent_code}{number:03d}"
    polygon = {**geometry, "coordinates": _in_wgs84(geometry.get("coordinates"), datum)}
    return PlaceData(kind=kind, code=code, name=name, parent_code=parent_code, polygon=polygon)


def _in_wgs84(coordinates: Any, datum: str) -> Any:
    """The nested coordinates of a geometry in WGS-84; what is not a pair of numbers is left for `clean_polygon` to refuse."""
    if datum == geo.WGS84 or not isinstance(coordinates, list | tuple) or not coordinates:
        return coordinates
    if isinstance(coordinates[0], int | float) and len(coordinates) >= 2:
        return list(geo.to_wgs84(float(coordinates[0]), float(coordinates[1]), datum))
    return [_in_wgs84(one, datum) for one in coordinates]


def import_divisions(*, rows: Iterable[tuple[str, str]], by: int | None) -> list[Place]:
    """(code, name) rows of 6, 9 or 12 digits, in any order; street or town and community or village are told by their names."""
    data = [_division(code.strip(), name.strip()) for code, name in rows if code.strip()]
    return save_places(rows=sorted(data, key=lambda row: (len(row.code), row.code)), by=by)


def _division(code: str, name: str) -> PlaceData:
    if not name:
        raise DomainError(_("%(code)s：没有名称。") % {"code": code}, field="name")
    if len(code) == 6:
        return PlaceData(levels.DISTRICT, code, name)
    if len(code) == 9:
        return PlaceData(levels.STREET if "街道" in name else levels.TOWN, code, name, code[:6])
    is_village = "村民委员会" in name or "村委会" in name
    short = name.removesuffix("居民委员会").removesuffix("村民委员会").removesuffix("村委会").removesuffix("居委会")
    if is_village and not short.endswith("村"):
        short += "村"
    return PlaceData(levels.VILLAGE if is_village else levels.COMMUNITY, code, short, code[:9])
