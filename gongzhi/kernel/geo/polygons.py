"""Polygons as people bring them: checked, mended where mending changes nothing, else refused with a sentence."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from gongzhi.kernel.errors import DomainError

MAX_POINTS = 20_000
# 1e-7 degrees is about a centimetre: snapping to it keeps shared borders shared and the stored text short.
PRECISION_DEG = 1e-7
# Mending may move this share of the area (a repeated point, a spike); more means that the line crosses itself.
_HARMLESS_SHARE = 0.001

Bbox = tuple[float, float, float, float]


def to_shape(value: str | dict[str, Any] | BaseGeometry) -> BaseGeometry:
    """A shapely geometry out of GeoJSON that was cleaned before, or out of itself."""
    if isinstance(value, BaseGeometry):
        return value
    loaded: Any = json.loads(value) if isinstance(value, str) else value
    return shape(loaded["geometry"] if loaded.get("type") == "Feature" else loaded)


def clean_polygon(geojson: str | dict[str, Any]) -> tuple[str, Bbox]:
    """(GeoJSON text of a valid Polygon or MultiPolygon, bbox as min_lng, min_lat, max_lng, max_lat)."""
    geometry = _geometry(geojson)
    points = _points(geometry)
    _check_points(points)
    try:
        drawn = shape(geometry)
    except (ValueError, TypeError, AttributeError, IndexError, shapely.errors.ShapelyError):
        raise DomainError(_("边界的点不够围成一块地，每一圈至少要有三个不同的点。")) from None
    mended = shapely.normalize(shapely.set_precision(_mend(drawn), PRECISION_DEG))
    if mended.is_empty or mended.area == 0:
        raise DomainError(_("边界没有围出面积，请检查是不是所有的点都在一条线上。"))
    return _dump(mended), mended.bounds


def to_display(geojson: str | dict[str, Any], tolerance: float = 0.00005) -> str:
    """A lighter GeoJSON text for maps; ``tolerance`` in degrees (0.00005 is about 5 m). Never empty, never crossing."""
    full = to_shape(geojson)
    light = full.simplify(tolerance, preserve_topology=True)
    return _dump(full if light.is_empty else light, digits=6)


def _geometry(geojson: str | dict[str, Any]) -> dict[str, Any]:
    """The one polygon geometry inside what was given: a geometry, a Feature, or a collection of one Feature."""
    loaded: Any = geojson
    if isinstance(geojson, str):
        try:
            loaded = json.loads(geojson)
        except (ValueError, RecursionError):
            raise DomainError(_("这不是 GeoJSON 边界文件，请从地图工具里重新导出。")) from None
    if isinstance(loaded, dict) and loaded.get("type") == "FeatureCollection":
        features = loaded.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise DomainError(_("这里一次只能放一块边界，请把要用的那一块单独导出。"))
        loaded = features[0]
    if isinstance(loaded, dict) and loaded.get("type") == "Feature":
        loaded = loaded.get("geometry")
    if not isinstance(loaded, dict) or loaded.get("type") not in ("Polygon", "MultiPolygon"):
        raise DomainError(_("边界必须是一块面（Polygon），不能是点或线。"))
    return loaded


def _points(geometry: dict[str, Any]) -> list[tuple[float, float]]:
    """Every position of the geometry, counted and typed before any library sees it."""
    polygons = geometry.get("coordinates")
    polygons = [polygons] if geometry["type"] == "Polygon" else polygons
    found: list[tuple[float, float]] = []
    try:
        for polygon in polygons or []:
            for ring in polygon:
                found.extend((float(position[0]), float(position[1])) for position in ring[: MAX_POINTS + 1])
                if len(found) > MAX_POINTS:
                    raise DomainError(_("边界的点太多了（超过 %(limit)d 个），请先简化。") % {"limit": MAX_POINTS})
    except (TypeError, ValueError, IndexError, KeyError):
        raise DomainError(_("边界里有的坐标看不懂，请从地图工具里重新导出。")) from None
    if not found:
        raise DomainError(_("边界里没有坐标，请从地图工具里重新导出。"))
    return found


def _check_points(points: list[tuple[float, float]]) -> None:
    if not all(isfinite(lng) and isfinite(lat) for lng, lat in points):
        raise DomainError(_("边界里有的坐标看不懂，请从地图工具里重新导出。"))
    if all(abs(lng) <= 180 and abs(lat) <= 90 for lng, lat in points):
        return
    if all(abs(lat) <= 180 and abs(lng) <= 90 for lng, lat in points):
        raise DomainError(_("经度和纬度好像写反了，GeoJSON 要先写经度，再写纬度。"))
    raise DomainError(_("边界跑到地球外面去了，请确认坐标是经纬度，不是米。"))


def _mend(drawn: BaseGeometry) -> BaseGeometry:
    drawn = shapely.force_2d(drawn)
    if drawn.is_valid:
        return drawn
    mended = _only_faces(shapely.make_valid(drawn))
    # The area as drawn is the sum of signed ring areas: a bow tie cancels itself there, a harmless spike does not.
    if abs(mended.area - drawn.area) > _HARMLESS_SHARE * max(mended.area, drawn.area):
        where = explain_validity(drawn).partition("[")[2].rstrip("]")
        raise DomainError(_("边界的线自己交叉了（在 %(where)s 附近），请把它改开。") % {"where": where})
    return mended


def _only_faces(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a geometry, without the stray points and lines that mending leaves behind."""
    faces = [part for part in shapely.get_parts(shapely.get_parts(geometry)) if isinstance(part, Polygon)]
    return faces[0] if len(faces) == 1 else MultiPolygon(faces)


def _dump(geometry: BaseGeometry, digits: int = 7) -> str:
    def rounded(value: Any) -> Any:
        return round(value, digits) if isinstance(value, float) else [rounded(part) for part in value]

    plain = mapping(geometry)
    return json.dumps({"type": plain["type"], "coordinates": rounded(plain["coordinates"])}, separators=(",", ":"))
