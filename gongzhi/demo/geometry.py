"""The land of the demo district: an invented outline near 25.49 N 103.80 E, and everything in it down to micro-grids.

Pure and deterministic. A street's inside is drawn from the street's own shape and codes only, so a small district is the
same, vertex by vertex, as that part of the whole one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from random import Random
from typing import Any

import numpy as np

from gongzhi.demo import names
from gongzhi.demo.cutting import Part, Ring, area_of, divide
from gongzhi.demo.specs import PlaceSpec, Point

LNG, LAT = 103.80, 25.49
"""Origin of the local plane: the middle of the town."""
M_PER_LAT = 110_780.0
M_PER_LNG = 111_320.0 * math.cos(math.radians(LAT))
AREA_KM2 = 1552.83
"""The real district's area (the published account); the shape is ours."""
TOWN = np.zeros(2)
_MIDDLE = np.array([6_845.0, -16_130.0])
"""Middle of the outline: places the four old streets around the origin."""

_KM2 = {
    "530302001": 9.0, "530302002": 8.0, "530302003": 8.0, "530302004": 13.0, "530302006": 26.0, "530302007": 32.0,
    "530302008": 36.83, "530302009": 100.0, "530302011": 200.0, "530302012": 110.0, "530302013": 130.0,
    "530302102": 280.0, "530302103": 400.0, "530302104": 200.0,
}  # fmt: skip
"""Land of each street and town in km2, invented; they add up to AREA_KM2."""

_CUTS: tuple[tuple[str, str, tuple[float, float]], ...] = (
    ("001 002 003 004 006 007 008 009 012 013", "011 102 103 104", (-1, 1)),
    ("012", "001 002 003 004 006 007 008 009 013", (0.2, 1)),
    ("013", "001 002 003 004 006 007 008 009", (1, 0.3)),
    ("009", "001 002 003 004 006 007 008", (-1, -1)),
    ("008", "001 002 003 004 006 007", (1, 0)),
    ("007", "001 002 003 004 006", (0, -1)),
    ("006", "001 002 003 004", (-1, 0)),
    ("001 004", "002 003", (-0.3, -1)),
    ("001", "004", (1, 0)),
    ("002", "003", (-1, 0.2)),
    ("103", "011 102 104", (0.3, -1)),
    ("011", "102 104", (0, 1)),
    ("102", "104", (-1, -0.3)),
)
"""How the district falls apart: who lies on which side (east, north) of whom."""

CELL = {"grid": 1.0, "group": 5.0}
"""Land of a villagers' group against that of a grid in the same street or town."""


def to_point(x: float, y: float) -> Point:
    """Metres on the plane to longitude and latitude, to the decimetre: neighbours round their shared vertices alike."""
    return round(LNG + x / M_PER_LNG, 6), round(LAT + y / M_PER_LAT, 6)


def geojson(ring: Ring) -> dict[str, Any]:
    """A ring as a GeoJSON polygon."""
    points = [list(to_point(x, y)) for x, y in ring.tolist()]
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def outline() -> Ring:
    """The district's border: a wavy round shape of the right area, counter-clockwise."""
    waves = names.rng("outline")
    count = 1100
    angle = np.arange(count) * 2 * math.pi / count
    radius = np.ones(count)
    for wave in range(2, 34):
        size = (0.34 if wave < 7 else 0.2) / wave
        radius += waves.uniform(-1, 1) * size * np.sin(wave * angle + waves.uniform(0, 2 * math.pi))
    ring: Ring = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    placed: Ring = ring * math.sqrt(AREA_KM2 * 1e6 / area_of(ring)) + _MIDDLE
    return placed


def _generator(name: str) -> Random:
    return names.rng("cut", name)


@lru_cache(maxsize=1)
def streets() -> dict[str, Ring]:
    """The land of every street and town, by code."""
    rings: dict[str, Ring] = {"".join(sorted(_KM2)): outline()}
    for left, right, (east, north) in _CUTS:
        one, two = _codes(left), _codes(right)
        ring = rings.pop("".join(sorted(one + two)))
        centre = np.array([east, north]) * 1e6
        parts = [_district_part(one), _district_part(two)]
        rings |= divide(ring, parts, _generator, centre)
    return rings


def _codes(short: str) -> list[str]:
    return [f"530302{code}" for code in short.split()]


def _district_part(codes: list[str]) -> Part:
    leaf = min(_cell_area(code) for code in codes)
    return Part("".join(sorted(codes)), sum(_KM2[code] for code in codes), leaf)


def children(code: str) -> list[dict[str, str]]:
    """The seed rows directly below a place."""
    return [row for row in names.rows("places_qilin") if row["parent"] == code]


def _weight(row: dict[str, str]) -> float:
    return int(row["cells"]) * CELL["group" if row["kind"] == "village" else "grid"]


def _cell_area(street: str) -> float:
    """Land of one grid in this street, m2."""
    return _KM2[street] * 1e6 / sum(_weight(row) for row in children(street))


def households(kind: str, code: str) -> int:
    """Households of a grid (300-500) or a villagers' group (60-150), by its code alone."""
    middle = (names.share("h1", code) + names.share("h2", code)) / 2
    return round(300 + 200 * middle) if kind == "grid" else round(60 + 90 * middle)


def cells_of(row: dict[str, str]) -> list[tuple[str, str]]:
    """(kind, code) of the grids or groups of a community's or village's seed row."""
    kind = "group" if row["kind"] == "village" else "grid"
    return [(kind, f"{row['code']}{number:03d}") for number in range(1, int(row["cells"]) + 1)]


@lru_cache(maxsize=256)
def households_of(code: str) -> int:
    """Households of a district, street, community or village: the sum of its grids and groups."""
    row = next(row for row in names.rows("places_qilin") if row["code"] == code)
    if row["cells"]:
        return sum(households(kind, cell) for kind, cell in cells_of(row))
    return sum(households_of(below["code"]) for below in children(code))


def places(wanted: frozenset[str]) -> Iterator[tuple[PlaceSpec, Ring]]:
    """The district, then each wanted street or town with everything in it; parents before children."""
    top = next(row for row in names.rows("places_qilin") if row["kind"] == "district")
    ring = outline()
    yield _spec(top, ring), ring
    for row in children(top["code"]):
        if row["code"] in wanted:
            yield from _street(row, streets()[row["code"]])


def _spec(row: dict[str, str], ring: Ring) -> PlaceSpec:
    return PlaceSpec(
        row["kind"], row["code"], row["name"], row["name_en"], row["parent"], geojson(ring),
        households_of(row["code"]), row["community_type"], row["centre"] == "1",
    )  # fmt: skip


def _street(row: dict[str, str], ring: Ring) -> Iterator[tuple[PlaceSpec, Ring]]:
    yield _spec(row, ring), ring
    below = children(row["code"])
    cell = _cell_area(row["code"])
    leaf = {one["code"]: cell * CELL["group" if one["kind"] == "village" else "grid"] for one in below}
    rings = divide(ring, [Part(one["code"], _weight(one), leaf[one["code"]]) for one in below], _generator, TOWN)
    for one in below:
        yield _spec(one, rings[one["code"]]), rings[one["code"]]
        yield from _community(one, rings[one["code"]], leaf[one["code"]])


def _community(row: dict[str, str], ring: Ring, leaf: float) -> Iterator[tuple[PlaceSpec, Ring]]:
    cells = cells_of(row)
    patrols = _patrols(row, cells)
    parts = [Part(code, len(inside), leaf) for code, inside in patrols]
    rings = divide(ring, parts, _generator)
    for number, (code, inside) in enumerate(patrols, start=1):
        if code != row["code"]:
            total = sum(households(kind, cell) for kind, cell in inside)
            yield _below("patrol", number, code, row["code"], rings[code], total, row), rings[code]
        yield from _cells(row, code, inside, rings[code], leaf)


def _patrols(row: dict[str, str], cells: list[tuple[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Patrol grids with their cells; without patrol grids the community itself holds them."""
    count = int(row["patrols"])
    if not count:
        return [(row["code"], cells)]
    edges = [round(len(cells) * number / count) for number in range(count + 1)]
    return [(f"{row['code']}X{n + 1:02d}", cells[edges[n] : edges[n + 1]]) for n in range(count)]


def _cells(row: dict[str, str], parent: str, cells: list[tuple[str, str]], ring: Ring, leaf: float) -> Iterator[tuple[PlaceSpec, Ring]]:
    weights = [0.8 + 0.4 * names.share("land", code) for _kind, code in cells]
    rings = divide(ring, [Part(code, size, leaf) for (_kind, code), size in zip(cells, weights, strict=True)], _generator)
    for kind, code in cells:
        count = households(kind, code)
        yield _below(kind, int(code[12:]), code, parent, rings[code], count, row), rings[code]
        if row["centre"] == "1" and names.share("micro", code) < 0.35:
            yield from _micros(row, code, rings[code], count)


def _micros(row: dict[str, str], grid: str, ring: Ring, total: int) -> Iterator[tuple[PlaceSpec, Ring]]:
    """The N of the five levels: a third of the centre's grids are divided further, as each street sees fit."""
    count = 2 + (names.share("micros", grid) < 0.4)
    codes = [f"{grid}{number:02d}" for number in range(1, count + 1)]
    rings = divide(ring, [Part(code, 1.0, area_of(ring) / count) for code in codes], _generator)
    for number, code in enumerate(codes):
        part = total * (number + 1) // count - total * number // count
        yield _below("micro", number + 1, code, grid, rings[code], part, row), rings[code]


def _below(kind: str, number: int, code: str, parent: str, ring: Ring, count: int, row: dict[str, str]) -> PlaceSpec:
    label = names.numbered(kind, number)
    return PlaceSpec(kind, code, label.zh, label.en, parent, geojson(ring), count, row["community_type"], row["centre"] == "1")
