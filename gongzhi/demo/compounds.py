"""What stands in a grid or a villagers' group: compounds, buildings with addresses, facilities with their owners. All invented."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import numpy as np
import shapely

from gongzhi.demo import names
from gongzhi.demo.cutting import Ring
from gongzhi.demo.geometry import to_point
from gongzhi.demo.specs import BodySpec, BuildingSpec, CompoundSpec, FacilitySpec, PlaceSpec, Point
from gongzhi.kernel import codes

EDGE_M = 12.0
"""Nothing stands closer to a grid's border, where the roads run."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a community type is built: how many compounds, households a building, who manages, the share in single houses."""

    compounds: tuple[int, ...]
    homes: tuple[int, int]
    word: str
    managed: float
    houses: float = 0.0
    owners: float = 0.0


STYLES = {
    "commercial": Style((1, 1, 2), (36, 96), "commercial", 1.0, owners=0.4),
    "work_unit": Style((1, 2), (28, 56), "work", 0.5),
    "old": Style((2, 3), (20, 42), "old", 0.3, houses=0.1),
    "public_rental": Style((1,), (60, 110), "rental", 1.0),
    "converted": Style((1, 2), (32, 64), "converted", 0.8, houses=0.2),
    "urban_village": Style((0, 1), (30, 60), "old", 0.2, houses=0.6),
    "suburban": Style((1,), (30, 60), "old", 0.3, houses=0.5),
}
HOUSES = Style((0,), (8, 12), "", 0.0, houses=1.0)
"""A villagers' group: runs of single houses."""
RUN = 10
"""Single houses written as one address run: 11 to 20."""


@dataclass(slots=True)
class Cell:
    """One grid or group with what has been put in it so far."""

    place: PlaceSpec
    community: PlaceSpec
    pick: Random
    compounds: list[CompoundSpec] = field(default_factory=list)
    buildings: list[BuildingSpec] = field(default_factory=list)
    facilities: list[FacilitySpec] = field(default_factory=list)
    bodies: list[BodySpec] = field(default_factory=list)

    @property
    def is_village(self) -> bool:
        return self.place.kind == "group"

    @property
    def number(self) -> int:
        return int(self.place.code[12:])


def fill(place: PlaceSpec, community: PlaceSpec, ring: Ring) -> Cell:
    """Everything in one grid or group, by its code alone."""
    cell = Cell(place, community, names.rng("cell", place.code))
    style = HOUSES if cell.is_village else STYLES[community.community_type]
    plan = _plan(cell, style)
    _build(cell, style, plan, _lattice(ring, sum(map(len, plan))))
    _equip(cell, ring)
    return cell


def _plan(cell: Cell, style: Style) -> list[list[int]]:
    """Households of every building: one list for each compound, the last one for single houses. They add up to the grid's."""
    total, count = cell.place.households, cell.pick.choice(style.compounds)
    single = total if not count else round(total * style.houses)
    plan = []
    for number in range(count):
        here = (total - single) * (number + 1) // count - (total - single) * number // count
        size = cell.pick.uniform(*style.homes)
        plan.append(_spread(cell.pick, here, max(1, round(here / size))))
    plan.append(_spread(cell.pick, single, math.ceil(single / RUN)) if single else [])
    return plan


def _spread(pick: Random, total: int, count: int) -> list[int]:
    """`total` over `count` buildings, nearly even."""
    edges = [round(total * (number + pick.uniform(-0.15, 0.15)) / count) for number in range(1, count)]
    return [high - low for low, high in zip([0, *edges], [*edges, total], strict=True)]


def _lattice(ring: Ring, count: int) -> list[Point]:
    """`count` places for buildings in rows, inside the ring and off its edge; neighbours in the list are neighbours on the ground."""
    polygon = shapely.Polygon(ring)
    inner = polygon.buffer(-EDGE_M)
    ground = polygon if inner.is_empty else inner
    shapely.prepare(ground)
    west, south, east, north = ground.bounds
    spacing = math.sqrt(ground.area / count)
    while True:
        xs, ys = np.meshgrid(np.arange(west + spacing / 2, east, spacing), np.arange(south + spacing / 2, north, spacing))
        xs[1::2] = xs[1::2, ::-1]
        inside = shapely.contains_xy(ground, xs.ravel(), ys.ravel())
        found = np.stack([xs.ravel()[inside], ys.ravel()[inside]], axis=1)
        if len(found) >= count:
            return [to_point(x, y) for x, y in found[:count].tolist()]
        spacing *= 0.93


def _build(cell: Cell, style: Style, plan: list[list[int]], spots: list[Point]) -> None:
    at = 0
    for number, homes in enumerate(plan[:-1], start=1):
        _compound(cell, style, number, homes, spots[at : at + len(homes)])
        at += len(homes)
    _houses(cell, plan[-1], spots[at:])


def _compound(cell: Cell, style: Style, number: int, homes: list[int], spots: list[Point]) -> None:
    code = f"{cell.place.code}C{number}"
    name = _compound_name(cell, style, number)
    road = cell.pick.choice(names.roads(cell.community.code))
    door = cell.number * 20 + number * 6 - cell.pick.randrange(0, 5)
    is_managed = names.share("managed", code) < style.managed
    manager = f"PM-{code}" if is_managed else ""
    address = names.pattern("address-compound")[0].format(road=road, n=door, compound=name)
    cell.compounds.append(CompoundSpec(code, _tag(code), name, address, spots[len(spots) // 2], cell.place.code, manager))
    for block, (count, spot) in enumerate(zip(homes, spots, strict=True), start=1):
        written = names.pattern("address-building")[0].format(road=road, n=door, compound=name, b=block)
        cell.buildings.append(BuildingSpec(written, spot, count, cell.place.code, code))
    _bodies_of(cell, code, name, manager, has_owners=names.share("owners", code) < style.owners)


def _compound_name(cell: Cell, style: Style, number: int) -> str:
    """Work units keep the factory's name; else a word and an ending. The same name may return in another community."""
    if style.word == "work":
        stock = names.words("compound-work")
        return stock[(cell.number + number * 5 + int(cell.community.code[-3:])) % len(stock)]
    stems, endings = names.words("compound-name"), names.words(f"compound-{style.word}")
    start = int(names.share("compound", cell.community.code) * len(stems))
    stem = stems[(start + cell.number * 3 + number - 1) % len(stems)]
    return stem + endings[(cell.number + number) % len(endings)]


def _bodies_of(cell: Cell, code: str, name: str, manager: str, *, has_owners: bool) -> None:
    if manager:
        firms = names.words("firm")
        number = int(names.share("firm", code) * len(firms))
        site = names.pattern("firm-site")[0].format(firm=firms[number], compound=name)
        cell.bodies.append(BodySpec("property_company", manager, site, "", cell.place.code, f"PF-{number + 1:02d}"))
    if has_owners:
        committee = names.pattern("owners-committee")[0].format(compound=name)
        cell.bodies.append(BodySpec("owners_committee", f"OC-{code}", committee, "", cell.place.code))


def _houses(cell: Cell, homes: list[int], spots: list[Point]) -> None:
    """Runs of single houses along a lane, or in a village."""
    lane = "" if cell.is_village else names.roads(cell.community.code)[-1]
    first = 1 if cell.is_village else cell.number * 1000
    for count, spot in zip(homes, spots, strict=True):
        kind = "address-village" if cell.is_village else "address-houses"
        last = first + max(count, 1) - 1
        address = names.pattern(kind)[0].format(road=lane, village=cell.community.name, n=cell.number, a=first, b=last)
        cell.buildings.append(BuildingSpec(address, spot, count, cell.place.code))
        first = last + 1


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of facility: its pattern, its owner's kind where no property company stands in, how often, what breaks."""

    kind: str
    pattern: str
    owner_kind: str
    village_owner: str
    often: float
    category: str
    inside: bool = False


THINGS = (
    Thing("lamp", "lamp", "lighting_station", "village_committee", 1.0, "lamp-out"),
    Thing("lamp", "lamp", "lighting_station", "village_committee", 0.8, "lamp-out"),
    Thing("waste_point", "waste_point", "sanitation_station", "village_committee", 0.9, "waste-overflow", inside=True),
    Thing("parking", "parking", "street_city", "village_committee", 0.6, "parking-illegal", inside=True),
    Thing("equipment", "equipment", "community_committee", "village_committee", 0.4, "equipment-broken"),
    Thing("court", "court", "community_committee", "village_committee", 0.12, "court-broken"),
    Thing("other", "manhole", "urban_management", "village_committee", 0.5, "manhole"),
    Thing("other", "hydrant", "water_company", "water_company", 0.3, "fire-equipment"),
    Thing("other", "charging", "street_city", "village_committee", 0.3, "charging-broken", inside=True),
    Thing("other", "bench", "community_committee", "village_committee", 0.4, "bench-broken"),
)


def _equip(cell: Cell, ring: Ring) -> None:
    """Things by the road near the border, or inside a compound."""
    count = 0
    for number, thing in enumerate(THINGS):
        if cell.pick.random() < thing.often:
            count += 1
            cell.facilities.append(_facility(cell, ring, thing, count, number))


def _facility(cell: Cell, ring: Ring, thing: Thing, number: int, salt: int) -> FacilitySpec:
    home = cell.compounds[salt % len(cell.compounds)] if thing.inside and cell.compounds else None
    kind, owner = _owner(cell, thing, home)
    code = f"{cell.place.code}F{number:02d}"
    spot = home.name if home else names.pattern("group-spot")[0].format(village=cell.community.name, n=cell.number)
    if not home and not cell.is_village:
        spot = cell.community.name + cell.place.name
    road = cell.community.name if cell.is_village else cell.pick.choice(names.roads(cell.community.code))
    name = names.pattern(f"facility-{thing.pattern}")[0].format(road=road, spot=spot, n=cell.number * 10 + number)
    where = _roadside(cell.pick, ring, salt / len(THINGS)) if home is None else _beside(cell.pick, cell.buildings, home)
    return FacilitySpec(thing.kind, code, _tag(code), name, where, kind, owner, cell.place.code, thing.category, home.code if home else "")


def _owner(cell: Cell, thing: Thing, home: CompoundSpec | None) -> tuple[str, str]:
    if home and home.manager_code:
        return "property_company", home.manager_code
    kind = thing.village_owner if cell.is_village else thing.owner_kind
    return kind, owner_code(kind, cell.place.code, is_town=cell.place.code[6] == "1")


def owner_code(kind: str, place_code: str, *, is_town: bool) -> str:
    """The code of the roster's body of a kind above a place (`seeds/bodies.csv`)."""
    elsewhere = "street" if is_town else "town"
    row = next(row for row in names.rows("bodies") if row["kind"] == kind and row["place_kind"] != elsewhere)
    length = {"district": 6, "street": 9, "town": 9}.get(row["place_kind"], 12)
    return f"{place_code[:length]}-{row['suffix']}"


def _roadside(pick: Random, ring: Ring, around: float) -> Point:
    """A spot a few metres inside the border, where the road runs; `around` (0..1) keeps things apart."""
    number = int((around + pick.uniform(0, 0.5 / len(THINGS))) * len(ring)) % len(ring)
    polygon = shapely.Polygon(ring)
    corner, inside = ring[number], np.array(polygon.representative_point().coords[0])
    for way in (0.04, 0.08, 0.15, 0.3, 0.6, 1.0):
        x, y = (corner + (inside - corner) * way).tolist()
        if polygon.contains(shapely.Point(x, y)):
            return to_point(x, y)
    raise ValueError("a representative point lies inside")


def _beside(pick: Random, buildings: list[BuildingSpec], home: CompoundSpec) -> Point:
    """Some 8 m from a building of the compound."""
    lng, lat = pick.choice([one.point for one in buildings if one.compound_code == home.code])
    angle = pick.uniform(0, 2 * math.pi)
    return round(lng + 8e-5 * math.cos(angle), 6), round(lat + 7e-5 * math.sin(angle), 6)


def _tag(code: str) -> str:
    """What the QR on the thing says: fixed for a code, in the form of public codes."""
    return codes.new_code(below=names.rng("tag", code).randrange)


def cells(places: Iterator[tuple[PlaceSpec, Ring]] | list[tuple[PlaceSpec, Ring]]) -> Iterator[Cell]:
    """Every grid and group of these places, filled."""
    known: dict[str, PlaceSpec] = {}
    for place, ring in places:
        known[place.code] = place
        if place.kind in ("grid", "group"):
            yield fill(place, known[place.code[:12]], ring)
