"""WGS-84, GCJ-02 and BD-09, one into the other.

GCJ-02 shifts a point by a smooth field of up to about 700 m; BD-09 adds Baidu's own twist on top. Neither has a closed
inverse, so the way back is found by correcting a guess until the way forth meets the point again (below 1e-9 degrees).
Outside mainland China's rectangle no shift is applied, as every Chinese map service does.
"""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, cos, pi, sin, sqrt

WGS84, GCJ02, BD09 = "wgs84", "gcj02", "bd09"
DATUMS = (WGS84, GCJ02, BD09)

# Krasovsky 1940 ellipsoid: semi-major axis in metres and first eccentricity squared, the constants of the shift.
_AXIS = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BAIDU_TWIST = pi * 3000.0 / 180.0
_TOLERANCE_DEG = 1e-10

Point = tuple[float, float]


def in_china(lng: float, lat: float) -> bool:
    """Whether the shift applies here: the rectangle that the map services use, in degrees."""
    return 72.004 <= lng <= 137.8347 and 0.8293 <= lat <= 55.8271


def _waves(x: float, y: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _shift_lat(x: float, y: float) -> float:
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    shift += _waves(x, y)
    shift += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return shift + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _shift_lng(x: float, y: float) -> float:
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    shift += _waves(x, y)
    shift += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return shift + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0


def _wgs84_to_gcj02(lng: float, lat: float) -> Point:
    radians = lat / 180.0 * pi
    magic = 1.0 - _ECCENTRICITY2 * sin(radians) ** 2
    metres_lat = _AXIS * (1.0 - _ECCENTRICITY2) / (magic * sqrt(magic)) * pi / 180.0
    metres_lng = _AXIS / sqrt(magic) * cos(radians) * pi / 180.0
    x, y = lng - 105.0, lat - 35.0
    return lng + _shift_lng(x, y) / metres_lng, lat + _shift_lat(x, y) / metres_lat


def _gcj02_to_bd09(lng: float, lat: float) -> Point:
    radius = sqrt(lng * lng + lat * lat) + 0.00002 * sin(lat * _BAIDU_TWIST)
    angle = atan2(lat, lng) + 0.000003 * cos(lng * _BAIDU_TWIST)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def _wgs84_to_bd09(lng: float, lat: float) -> Point:
    return _gcj02_to_bd09(*_wgs84_to_gcj02(lng, lat))


def _inverse(forth: Callable[[float, float], Point], lng: float, lat: float) -> Point:
    """The point that ``forth`` sends to (lng, lat). The field's slope is below 0.01, so a few rounds are enough."""
    guess_lng, guess_lat = lng, lat
    for _ in range(30):
        there_lng, there_lat = forth(guess_lng, guess_lat)
        step_lng, step_lat = lng - there_lng, lat - there_lat
        guess_lng, guess_lat = guess_lng + step_lng, guess_lat + step_lat
        if abs(step_lng) < _TOLERANCE_DEG and abs(step_lat) < _TOLERANCE_DEG:
            break
    return guess_lng, guess_lat


_FORTH: dict[str, Callable[[float, float], Point]] = {GCJ02: _wgs84_to_gcj02, BD09: _wgs84_to_bd09}


def from_wgs84(lng: float, lat: float, datum: str) -> Point:
    """(lng, lat) of a WGS-84 point in ``datum``. Raises KeyError for a datum nobody knows."""
    if datum == WGS84 or not in_china(lng, lat):
        return lng, lat
    return _FORTH[datum](lng, lat)


def to_wgs84(lng: float, lat: float, datum: str) -> Point:
    """(lng, lat) in WGS-84 of a point given in ``datum``. Raises KeyError for a datum nobody knows."""
    if datum == WGS84 or not in_china(lng, lat):
        return lng, lat
    return _inverse(_FORTH[datum], lng, lat)
