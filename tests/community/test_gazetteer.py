"""Addresses as people write them, against the town's own buildings and compounds."""

from __future__ import annotations

import pytest

from gongzhi.cases.actions.locating import Spot, place_changes
from gongzhi.community.gazetteer import gazetteer, normal
from gongzhi.community.models import Building, Compound
from gongzhi.community.territory import territory
from gongzhi.kernel import caches
from tests.cast import COMMUNITY, GRID, GRID_2, OTHER_COMMUNITY, OTHER_GRID, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def streets(town: Town) -> Town:
    """Two blocks of one compound, a shop on its own, two namesakes in different streets."""
    rows = [
        ("幸福路8号 幸福小区 1栋", GRID, 103.051, town.compound),
        ("幸福路8号 幸福小区 3栋", GRID, 103.053, town.compound),
        ("麒麟路12号", GRID_2, 103.151, None),
        ("麒麟路132号", GRID, 103.061, None),
    ]
    for number, grid in enumerate((GRID, OTHER_GRID)):
        twin = Compound.objects.create(
            code=f"T{number}", tag=f"TWIN{number}", name="如意苑", place=town.places[grid], lng=103.07 + number, lat=25.07
        )
        rows.append((f"如意巷{number + 1}号 如意苑 2栋", grid, 103.071 + number * 0.55, twin))
    for address, grid, lng, compound in rows:
        Building.objects.create(address=address, place=town.places[grid], lng=lng, lat=25.05, compound=compound)
    caches.touch("gazetteer")
    return town


@pytest.mark.parametrize(
    ("written", "near", "code", "lng"),
    [
        ("麒麟路12号门口", "", GRID_2, 103.151),
        ("麒麟路132号对面", "", GRID, 103.061),
        ("幸福小区3栋楼下", "", GRID, 103.053),
        ("幸福小区 三 栋", "", GRID, 103.053),
        ("幸福小区3号楼", "", GRID, 103.053),
        ("幸福小区９栋", "", GRID, 103.05),
        ("幸福小区大门", "", GRID, 103.05),
        ("幸福路8号", "", GRID, None),
        ("如意苑2栋", "", "", None),
        ("如意苑2栋", COMMUNITY, GRID, 103.071),
        ("如意苑2栋", OTHER_COMMUNITY, OTHER_GRID, 103.621),
        ("潇湘社区居委会对面", "", COMMUNITY, None),
        ("3栋楼下", "", "", None),
        ("3栋楼下", COMMUNITY, COMMUNITY, None),
        ("不知道什么地方", OTHER_COMMUNITY, OTHER_COMMUNITY, None),
        ("", COMMUNITY, COMMUNITY, None),
        ("", "", "", None),
    ],
)
def test_finds_what_the_words_name(streets: Town, written: str, near: str, code: str, lng: float | None) -> None:
    found = place_changes(Spot(address=written, near_code=near))
    assert found["place_id"] == (streets.places[code].pk if code else None)
    assert found["lng"] == lng
    assert found["address"] == written


def test_a_point_wins_over_words_and_hint(streets: Town) -> None:
    found = place_changes(Spot(103.65, 25.05, address="麒麟路12号", near_code=COMMUNITY))
    assert found["place_id"] == streets.places[OTHER_GRID].pk


def test_words_are_read_alike() -> None:
    assert normal(" 幸福小区，十二栋（２单元）") == "幸福小区12栋2单元"
    assert normal("上坡村二十一组") == "上坡村21组"


def test_every_address_of_the_town_finds_itself(streets: Town) -> None:
    for building in Building.objects.all():
        found = gazetteer().find(building.address)
        assert found is not None
        assert (found.place_id, found.lng) == (building.place_id, building.lng)


def test_a_hint_is_no_more_than_its_area(streets: Town) -> None:
    node = territory().by_code[COMMUNITY]
    assert place_changes(Spot(near_code=COMMUNITY))["grid_id"] is None
    assert place_changes(Spot(near_code=COMMUNITY))["community_id"] == node.id
    assert place_changes(Spot(near_code="999"))["place_id"] is None
