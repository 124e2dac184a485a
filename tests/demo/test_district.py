"""The generated district: right counts, a land without gap or overlap, people in every post, the same every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gongzhi.community import levels, policy
from gongzhi.demo import district as making
from gongzhi.demo import geometry
from gongzhi.demo.cutting import Part, area_of, divide
from gongzhi.demo.names import rng, rows
from gongzhi.demo.specs import District, PlaceSpec
from gongzhi.kernel import codes, geo

CELLS = ("grid", "group")


@pytest.fixture(scope="module")
def whole() -> District:
    return making.district("district")


@pytest.fixture(scope="module")
def small() -> District:
    return making.district("small")


def shape(place: PlaceSpec) -> Any:
    return shapely.geometry.shape(place.polygon)


def test_counts_are_those_of_the_account(whole: District) -> None:
    kinds = Counter(place.kind for place in whole.places)
    assert (kinds["street"], kinds["town"], kinds["community"], kinds["village"]) == (11, 3, 84, 50)
    centre = Counter(place.kind for place in whole.places if place.centre)
    assert (centre["street"], centre["community"], centre["patrol"], centre["grid"]) == (8, 59, 104, 686)
    assert kinds["patrol"] == 104
    assert centre["micro"] > 300
    types = {place.community_type for place in whole.of_kind("community")}
    assert types == {"commercial", "work_unit", "old", "public_rental", "converted", "urban_village", "suburban"}


def test_small_is_one_street_and_one_town_of_the_whole(small: District, whole: District) -> None:
    kinds = Counter(place.kind for place in small.places)
    assert (kinds["district"], kinds["street"], kinds["town"]) == (1, 1, 1)
    for name in ("places", "compounds", "buildings", "facilities", "bodies", "people"):
        everything = set(map(repr, getattr(whole, name)))
        assert {repr(row) for row in getattr(small, name)} <= everything, name
    assert small.home_grid == whole.home_grid


def test_codes_and_parents_stand(whole: District) -> None:
    known: dict[str, str] = {}
    for place in whole.places:
        assert levels.is_valid_code(place.kind, place.code), place.code
        above = levels.PARENTS[place.kind]
        assert (known[place.parent_code] in above) if above else place.parent_code == ""
        assert place.code.startswith(place.parent_code.partition("X")[0])
        known[place.code] = place.kind
    assert len(known) == len(whole.places)


def test_cells_cover_the_district_without_gap_or_overlap(whole: District) -> None:
    cells = [shape(place) for place in whole.of_kind(*CELLS)]
    assert all(cell.is_valid for cell in cells)
    assert shapely.coverage_is_valid(cells)
    union = shapely.coverage_union_all(cells)
    outline = shape(whole.places[0])
    assert union.symmetric_difference(outline).area < outline.area * 1e-9


def test_every_level_is_covered_by_the_one_below(whole: District) -> None:
    below: dict[str, list[PlaceSpec]] = {}
    for place in whole.places[1:]:
        below.setdefault(place.parent_code, []).append(place)
    by_code = {place.code: place for place in whole.places}
    for code, parts in below.items():
        own = shape(by_code[code])
        assert sum(shape(part).area for part in parts) == pytest.approx(own.area, rel=1e-9), code
        assert sum(part.households for part in parts) == by_code[code].households, code


def test_a_moved_border_would_be_seen(whole: District) -> None:
    cells = [shape(place) for place in whole.of_kind("grid")][:40]
    cells[3] = shapely.affinity.translate(cells[3], 2e-6, 0)
    assert not shapely.coverage_is_valid(cells)


def test_households(whole: District) -> None:
    for place in whole.of_kind("grid"):
        assert 300 <= place.households <= 500, place.code
    assert all(60 <= place.households <= 150 for place in whole.of_kind("group"))
    assert 2.4 < making.POPULATION / whole.places[0].households < 2.9


def test_area_is_that_of_the_account() -> None:
    assert area_of(geometry.outline()) / 1e6 == pytest.approx(geometry.AREA_KM2, rel=1e-6)
    assert sum(geometry._KM2.values()) == pytest.approx(geometry.AREA_KM2, abs=0.01)


def test_pieces_are_not_slivers(whole: District) -> None:
    thin = [place.code for place in whole.of_kind(*CELLS) if 16 * shape(place).area / shape(place).length ** 2 < 0.35]
    assert len(thin) < len(whole.of_kind(*CELLS)) * 0.02


def test_polygons_pass_the_kernel_unchanged(small: District) -> None:
    for place in small.of_kind("grid", "group", "micro"):
        text, _bbox = geo.clean_polygon(place.polygon)
        assert geo.clean_polygon(text)[0] == text
        assert shapely.from_geojson(text).equals(shape(place))


def test_buildings_stand_in_their_grid_and_add_up(whole: District) -> None:
    index = geo.PolygonIndex((place.code, place.polygon) for place in whole.of_kind(*CELLS))
    found = index.find_many([building.point for building in whole.buildings])
    assert found == [building.grid_code for building in whole.buildings]
    homes: Counter[str] = Counter()
    for building in whole.buildings:
        homes[building.grid_code] += building.households
    assert homes == {place.code: place.households for place in whole.of_kind(*CELLS)}
    assert min(building.households for building in whole.buildings) > 0


def test_facilities_and_compounds_stand_in_their_grid(whole: District) -> None:
    index = geo.PolygonIndex((place.code, place.polygon) for place in whole.of_kind(*CELLS))
    for things in (whole.facilities, whole.compounds):
        found = index.find_many([thing.point for thing in things])
        assert found == [thing.grid_code for thing in things]
    assert {thing.kind for thing in whole.facilities} == {"lamp", "parking", "waste_point", "equipment", "court", "other"}


def test_owners_exist_and_are_of_their_kind(whole: District) -> None:
    kinds = {body.code: body.kind for body in whole.bodies}
    assert all(kinds[thing.owner_code] == thing.owner_kind for thing in whole.facilities)
    assert all(kinds[one.manager_code] == "property_company" for one in whole.compounds if one.manager_code)
    compounds = {one.code for one in whole.compounds}
    assert all(row.compound_code in compounds for row in (*whole.buildings, *whole.facilities) if row.compound_code)
    leaves = {row["category"] for row in rows("demo_mix")}
    assert {thing.category_code for thing in whole.facilities} <= leaves


def test_bodies_have_known_kinds_and_superiors_first(whole: District) -> None:
    kinds = {row["code"] for row in rows("body_kinds")}
    places = {place.code for place in whole.places}
    known: set[str] = set()
    for body in whole.bodies:
        assert body.kind in kinds
        assert body.place_code in places
        assert not body.parent_code or body.parent_code in known, body
        known.add(body.code)


def test_what_must_be_unique_is(whole: District) -> None:
    for rows_, field in (
        (whole.compounds, "code"), (whole.facilities, "code"), (whole.bodies, "code"), (whole.people, "username"),
        (whole.people, "phone"), (whole.buildings, "address"), ((*whole.compounds, *whole.facilities), "tag"),
    ):  # fmt: skip
        values = [getattr(row, field) for row in rows_]
        assert len(set(values)) == len(values), (field, Counter(values).most_common(2))
    assert all(codes.is_valid(thing.tag) for thing in whole.facilities)
    assert all(person.phone.startswith("199") and len(person.phone) == 11 for person in whole.people)


def test_no_grid_without_a_named_person(whole: District) -> None:
    held = {post.place_code for person in whole.people for post in person.posts if post.role == "grid_worker"}
    assert held == {place.code for place in whole.of_kind(*CELLS)}
    staffed = {(post.body_code, post.role) for person in whole.people for post in person.posts}
    for body in whole.bodies:
        if body.kind in ("community_committee", "village_committee"):
            assert (body.code, "secretary") in staffed
        if body.kind == "street_office":
            assert {(body.code, role) for role in ("clerk", "dispatcher", "checker", "approver")} <= staffed


def test_posts_point_at_bodies_and_places(small: District) -> None:
    bodies, places = {body.code for body in small.bodies}, {place.code for place in small.places}
    for person in small.people:
        for post in person.posts:
            assert post.role in policy.ROLE_NAMES
            assert post.body_code in bodies, person
            assert post.place_code in places, person


def test_the_cast_has_every_role(small: District) -> None:
    roles = {post.role for person in small.cast for post in person.posts}
    assert roles == set(policy.ROLE_NAMES)
    names = {person.username for person in small.cast}
    assert {"resident", "elder", "groupleader", "volunteer", "owner", "gridworker", "secretary", "dispatcher"} <= names
    assert [person.username for person in small.cast if person.elder_mode] == ["elder"]
    assert [person.username for person in small.cast if person.is_staff] == ["operator"]


def test_the_cast_meets_in_one_grid(small: District) -> None:
    post = {person.username: person.posts[0] for person in small.cast if person.posts}
    assert post["gridworker"].place_code == small.home_grid
    assert small.home_grid.startswith(post["secretary"].place_code)
    managers = {one.manager_code for one in small.compounds if one.grid_code == small.home_grid}
    assert post["steward"].body_code in managers


@pytest.mark.parametrize("name", ["places", "bodies", "people", "buildings", "compounds", "facilities"])
def test_words_fit_their_columns(whole: District, name: str) -> None:
    limits = {"name": 80, "name_en": 120, "address": 160, "username": 64, "tag": 24, "code": 40}
    for row in getattr(whole, name):
        for field, limit in limits.items():
            assert len(getattr(row, field, "")) <= limit, row
        assert "{" not in repr(getattr(row, "name", "")) + repr(getattr(row, "address", ""))


def _digest(found: District) -> str:
    return hashlib.sha256(repr(found).encode()).hexdigest()


def test_the_same_in_another_process(small: District) -> None:
    code = "import hashlib; from gongzhi.demo.district import district; print(hashlib.sha256(repr(district('small')).encode()).hexdigest())"
    root = Path(__file__).resolve().parents[2]
    env = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": str(root)}
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env, cwd=root)
    assert other.stdout.strip() == _digest(small)


def test_it_is_quick() -> None:
    """CPU seconds, so that a busy machine does not decide."""
    geometry.streets.cache_clear()
    for scale, limit in (("small", 1.5), ("district", 15.0)):
        before = time.process_time()
        making.district.__wrapped__(scale)
        assert time.process_time() - before < limit, scale


def test_a_cut_shares_every_vertex() -> None:
    angle = np.arange(90) * 2 * np.pi / 90
    ring = np.stack([1000 * np.cos(angle), 700 * np.sin(angle)], axis=1)
    parts = [Part(number, 1.0 + number % 3, 40_000.0) for number in range(9)]
    rings = divide(ring, parts, lambda name: rng("test", name))
    assert list(rings) == list(range(9))
    assert sum(map(area_of, rings.values())) == pytest.approx(area_of(ring), rel=1e-12)
    assert shapely.coverage_is_valid([shapely.Polygon(one) for one in rings.values()])
    share = area_of(rings[2]) / area_of(rings[0])
    assert 2 < share < 4, "a part that wants three times the land gets about that"


@pytest.mark.real_data
def test_names_and_codes_are_the_real_ones(real_data: str) -> None:
    lines = (Path(real_data) / "divisions" / "qilin_530302.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    real: dict[str, str] = dict(line.split(",")[:2] for line in lines)  # type: ignore[misc]  # two columns by the slice
    for row in rows("places_qilin"):
        assert row["invented"] == "0"
        stem = row["name"] if row["kind"] != "village" else row["name"].removesuffix("村")
        assert real[row["code"]].startswith(stem), row
