"""Coordinates and polygons. Everything is stored in WGS-84, longitude first, degrees.

Pure: no query, no clock. Datums: ``wgs84``, ``gcj02`` (AMap, Tencent and all legal Chinese map tiles), ``bd09`` (Baidu).
"""

from gongzhi.kernel.geo.datum import BD09, DATUMS, GCJ02, WGS84, from_wgs84, in_china, to_wgs84
from gongzhi.kernel.geo.index import PolygonIndex
from gongzhi.kernel.geo.points import check_point, distance_m, parse_point
from gongzhi.kernel.geo.polygons import MAX_POINTS, clean_polygon, to_display

__all__ = [
    "BD09",
    "DATUMS",
    "GCJ02",
    "MAX_POINTS",
    "WGS84",
    "PolygonIndex",
    "check_point",
    "clean_polygon",
    "distance_m",
    "from_wgs84",
    "in_china",
    "parse_point",
    "to_display",
    "to_wgs84",
]
