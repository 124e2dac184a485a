"""One point: read from what people type, checked, and measured against another."""

from __future__ import annotations

import re
import unicodedata
from math import asin, cos, isfinite, radians, sin, sqrt

from django.utils.translation import gettext as _

from gongzhi.kernel.errors import DomainError

_EARTH_RADIUS_M = 6371008.8  # mean radius (IUGG)

_DMS = re.compile(r"(\d+(?:\.\d+)?)\s*[°度]\s*(?:(\d+(?:\.\d+)?)\s*['′分]\s*)?(?:(\d+(?:\.\d+)?)\s*(?:[\"″秒]|''|′′)\s*)?")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_WEST, _SOUTH = re.compile(r"(?:\bw\b|西经|\d\s*w\b)"), re.compile(r"(?:\bs\b|南纬|\d\s*s\b)")
_LATITUDE_FIRST = re.compile(r"^\s*(?:geo:|lat|纬度|北纬|南纬|n\s*\d|s\s*\d|[^,;]*\d\s*[ns](?![a-z]))")


def distance_m(lng1: float, lat1: float, lng2: float, lat2: float) -> float:
    """Great-circle distance in metres (haversine)."""
    half_lat, half_lng = radians(lat2 - lat1) / 2, radians(lng2 - lng1) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lng) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def check_point(lng: float, lat: float) -> tuple[float, float]:
    """The point itself; a DomainError when it is not on the earth."""
    if not (isfinite(lng) and isfinite(lat)) or abs(lng) > 180 or abs(lat) > 180:
        raise DomainError(_("这个位置不在地球上，请在地图上重新点一下。"))
    if abs(lat) > 90:
        raise DomainError(_("经度和纬度好像写反了，请先写经度，再写纬度。"))
    return lng, lat


def parse_point(text: str) -> tuple[float, float]:
    """(lng, lat) out of "102.71,25.04", "25.04 102.71", "东经102°42′ 北纬25°2′24″", "geo:25.04,102.71".

    Without a sign which is which, longitude comes first unless only the other order is possible.
    """
    plain = unicodedata.normalize("NFKC", text[:200]).strip().lower()
    numbers = _numbers(plain)
    if len(numbers) != 2:
        raise DomainError(_("没有看懂这个位置。请写成“经度,纬度”，例如 102.712,25.043。"))
    first, second = numbers
    latitude_first = bool(_LATITUDE_FIRST.match(plain)) or (abs(first) <= 90 < abs(second))
    lng, lat = (second, first) if latitude_first else (first, second)
    if _WEST.search(plain):
        lng = -abs(lng)
    if _SOUTH.search(plain):
        lat = -abs(lat)
    return check_point(lng, lat)


def _numbers(plain: str) -> list[float]:
    parts = _DMS.findall(plain)
    if parts:
        return [float(d) + float(m or 0) / 60 + float(s or 0) / 3600 for d, m, s in parts]
    query = plain.split("?", 1)[0] if plain.startswith("geo:") else plain
    return [float(number) for number in _NUMBER.findall(query)]
