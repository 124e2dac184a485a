"""Saving places: codes, levels, parents, paths, outlines; all or nothing; what is left blank stays."""

from __future__ import annotations

from typing import Any

import pytest

from gongzhi.community import levels
from gongzhi.community.actions import PlaceData, end_place, revive_place, save_place, save_places
from gongzhi.community.models import Place
from gongzhi.community.territory import territory
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.models import AuditEntry
from tests.cast import COMMUNITY, DISTRICT, GRID, GRID_2, OTHER_COMMUNITY, STREET, Town, square

pytestmark = pytest.mark.django_db
BOW_TIE = {"type": "Polygon", "coordinates": [[[103, 25], [104, 26], [104, 25], [103, 26], [103, 25]]]}
SWAPPED = {"type": "Polygon", "coordinates": [[[25, 83], [26, 83], [26, 84], [25, 84], [25, 83]]]}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("district", "530302", "5303020"),
        ("street", "530302001", "530302"),
        ("village", "530302001201", "53030200120x"),
        ("patrol", "530302001001X01", "530302001001001"),
        ("grid", "530302001001012", "530302001001X01"),
        ("micro", "53030200100101203", "530302001001012"),
        ("grid", "530302001001012", "５３０３０２００１００１０１２"),
    ],
)
def test_a_code_has_the_length_of_its_level(kind: str, good: str, bad: str) -> None:
    assert levels.is_valid_code(kind, good)
    assert not levels.is_valid_code(kind, bad)


def test_every_level_stands_below_the_right_ones_only() -> None:
    assert set(levels.PARENTS) == set(levels.ORDER) == set(levels.DIGITS)
    for kind, above in levels.PARENTS.items():
        assert all(levels.ORDER.index(one) < levels.ORDER.index(kind) for one in above)
        # The rung never goes down on the way up, and a street never has a grid directly.
        assert not (kind in ("grid", "group", "micro") and above & {"street", "town", "district"})
    assert levels.code_above("micro", "53030200100101203") == "530302001001012"
    assert levels.code_above("district", "530302") == levels.code_above("grid", "53") == ""
    assert [levels.rung_above(one) for one in levels.LADDER] == ["community", "street", "district", None]


def test_rows_in_any_order_get_their_paths_and_boxes(town: Town) -> None:
    rows = [
        PlaceData("micro", GRID + "01", "1号楼", GRID),
        PlaceData("grid", "530302001002001", "第一网格", "530302001002X01", polygon=square(103.2, 25.6, 0.1, 0.1)),
        PlaceData("patrol", "530302001002X01", "东巡查网格", "530302001002"),
        PlaceData("community", "530302001002", "南宁社区", STREET),
    ]
    saved = save_places(rows=rows, by=None)
    assert [place.code for place in saved] == [row.code for row in rows]
    paths = [f"530302/530302001/{COMMUNITY}/{GRID}/{GRID}01/", "530302/530302001/530302001002/530302001002X01/530302001002001/"]
    assert [place.path for place in saved[:2]] == paths
    assert sorted(Place.objects.filter(code__in=[row.code for row in rows[:2]]).values_list("path", flat=True)) == sorted(paths)
    grid = Place.objects.get(code="530302001002001")
    assert (grid.min_lng, grid.max_lat) == (pytest.approx(103.2), pytest.approx(25.7))
    node = territory().by_code["530302001002001"]
    assert territory().locate(103.25, 25.65) == node
    assert territory().nodes[node.keys["community"]].code == "530302001002"


@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        (PlaceData("planet", "1", "地球"), "kind", "没有“planet”这一级"),
        (PlaceData("grid", "53030200100100", "短了", COMMUNITY), "code", "位数不对"),
        (PlaceData("grid", "530302001001099", "", COMMUNITY), "name", "没有名称"),
        (PlaceData("grid", "530302001001099", "网" * 81, COMMUNITY), "name", "太长"),
        (PlaceData("grid", "530302001009001", "没有上级", "530302001009"), "parent", "找不到上级 530302001009"),
        (PlaceData("grid", "530302001001099", "跨级", STREET), "parent", "网格不能直接放在街道“南宁街道”下面"),
        (PlaceData("district", "530304", "上面还有", DISTRICT), "parent", "不再有上级"),
        (PlaceData("grid", "530302001001099", "交叉", COMMUNITY, polygon=BOW_TIE), "polygon", "自己交叉了"),
        (PlaceData("grid", "530302001001099", "写反", COMMUNITY, polygon=SWAPPED), "polygon", "写反了"),
        (PlaceData("grid", "530302001001099", "户数", COMMUNITY, households=-1), "households", "户数不对"),
        (PlaceData("community", "530302001009", "类型", STREET, community_type="castle"), "community_type", "castle"),
    ],
)
def test_a_wrong_row_refuses_all_in_a_sentence(town: Town, data: PlaceData, field: str, says: str) -> None:
    before = Place.objects.count()
    good = PlaceData("grid", "530302001001050", "好的", COMMUNITY)
    with pytest.raises(DomainError) as refused:
        save_places(rows=[good, data], by=None)
    assert says in refused.value.message
    assert data.code in refused.value.message
    assert refused.value.field == field
    assert Place.objects.count() == before


def test_the_same_code_twice_is_refused(town: Town) -> None:
    row = PlaceData("grid", "530302001001050", "好的", COMMUNITY)
    with pytest.raises(DomainError, match="和第 1 行重复"):
        save_places(rows=[row, row], by=None)
    assert not Place.objects.filter(code=row.code).exists()


def test_what_is_left_blank_stays_unless_it_is_to_go(town: Town) -> None:
    Place.objects.filter(code=GRID).update(name_en="Grid one")
    kept = save_place(data=PlaceData("grid", GRID, "改名网格"), by=None)
    fresh = Place.objects.get(code=GRID)
    assert (kept.pk, fresh.name, fresh.households, fresh.name_en, bool(fresh.polygon)) == (fresh.pk, "改名网格", 400, "Grid one", True)
    save_place(data=PlaceData("grid", GRID, "改名网格", COMMUNITY), by=None, keep=False)
    fresh.refresh_from_db()
    assert (fresh.households, fresh.name_en, fresh.polygon, fresh.min_lng) == (None, "", "", None)


def test_nothing_new_writes_nothing(town: Town) -> None:
    before = AuditEntry.objects.count()
    save_place(data=PlaceData("grid", GRID, "第一网格", COMMUNITY, households=400), by=None)
    assert AuditEntry.objects.count() == before
    save_place(data=PlaceData("grid", GRID, "第一网格", COMMUNITY, households=401), by=None)
    assert AuditEntry.objects.latest("pk").facts == {"count": 1, "created": 0, "changed": 1}


def test_what_stands_below_moves_with_it(town: Town) -> None:
    patrol = f"{COMMUNITY}X01"
    save_places(rows=[PlaceData("micro", GRID + "01", "1号楼", GRID), PlaceData("patrol", patrol, "东片", COMMUNITY)], by=None)
    save_place(data=PlaceData("grid", GRID, "第一网格", patrol), by=None)
    micro = Place.objects.get(code=GRID + "01")
    assert micro.path == f"530302/530302001/{COMMUNITY}/{patrol}/{GRID}/{GRID}01/"
    assert Place.objects.get(code=GRID_2).path == f"530302/530302001/{COMMUNITY}/{GRID_2}/"
    # A file that names nobody above leaves it below its patrol grid, though its digits name the community.
    save_place(data=PlaceData("grid", GRID, "又改名"), by=None)
    assert Place.objects.get(code=GRID).path.endswith(f"{patrol}/{GRID}/")


def test_two_moves_at_once_end_where_they_should(town: Town) -> None:
    """A community leaves a street whose own parent moves too: its grids follow the community."""
    save_place(data=PlaceData("district", "530399", "新区"), by=None)
    rows = [PlaceData("street", STREET, "南宁街道", "530399"), PlaceData("community", COMMUNITY, "潇湘社区", "530302002")]
    save_places(rows=rows, by=None)
    assert Place.objects.get(code=GRID).path == f"530302/530302002/{COMMUNITY}/{GRID}/"
    assert Place.objects.get(code=STREET).path == "530399/530302001/"


def test_an_ended_place_takes_nothing_until_it_is_revived(town: Town) -> None:
    with pytest.raises(DomainError, match="下面还有在用的区域"):
        end_place(place=town.places[COMMUNITY], by=None)
    end_place(place=town.places[GRID], by=None)
    assert GRID not in territory().by_code
    rows: list[Any] = [PlaceData("grid", GRID, "第一网格"), PlaceData("micro", GRID + "01", "1号楼", GRID)]
    for row, says in zip(rows, ("已经停用", "上级“第一网格”已经停用"), strict=True):
        with pytest.raises(DomainError, match=says):
            save_place(data=row, by=None)
    revive_place(place=Place.objects.get(code=GRID), by=None)
    save_places(rows=rows, by=None)
    assert GRID in territory().by_code


def test_a_place_below_an_ended_one_is_not_revived(town: Town) -> None:
    for code in (GRID, GRID_2, COMMUNITY):
        end_place(place=Place.objects.get(code=code), by=None)
    with pytest.raises(DomainError, match="上级“潇湘社区”已经停用"):
        revive_place(place=Place.objects.get(code=GRID), by=None)
    assert OTHER_COMMUNITY in territory().by_code
