"""A survey of things taken in by sheet: placed, owned, labelled; every bad row with its sentence."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from gongzhi.community.facility_sheet import FACILITIES
from gongzhi.community.models import Facility, Place
from gongzhi.kernel import caches, geo, sheets
from gongzhi.kernel.models import AuditEntry, SheetImport
from tests.cast import COMMUNITY, GRID, GRID_2, IN_GRID, OTHER_GRID, Town

pytestmark = pytest.mark.django_db
HEADER = "编号,种类,名称,权属单位,网格代码,经度,纬度,坐标系,小区代码,状态"


@pytest.fixture(autouse=True)
def _rows_aside(settings: Any, tmp_path: Path) -> None:
    settings.GONGZHI_VAR = tmp_path / "var"


def take_in(town: Town, *lines: str) -> SheetImport:
    content = "\n".join((HEADER, *lines)) + "\n"
    by = town.users["operator"].pk
    sheet = sheets.upload(spec=FACILITIES, file=io.BytesIO(content.encode()), file_name="部件.csv", by=by)
    sheet = sheets.check(sheet=sheets.map_columns(sheet=sheet))
    return sheets.run(sheets.begin(sheet=sheet, by=by, inline=True).pk)


def test_a_survey_comes_in(town: Town) -> None:
    sheet = take_in(
        town,
        "D1,路灯,东门路灯,区路灯管理所,,103.15,25.05,,,",
        f"D2,健身器材,漫步机,property,{GRID},,,,C1,在用",
        f"D3,parking,车位,安居物业,{COMMUNITY},103.05,25.05,WGS84,,拆除",
    )
    assert (sheet.imported, sheet.refused) == (3, 0)
    one, two, three = Facility.objects.filter(code__startswith="D").order_by("code").select_related("place", "owner", "compound")
    assert (one.kind, one.place.code, one.owner.code, one.is_active) == ("lamp", GRID_2, "lighting", True)
    assert (two.place.code, two.compound, two.owner.code) == (GRID, town.compound, "property")
    assert (two.lng, two.lat) == (pytest.approx(103.05), pytest.approx(25.05))
    # A community is named, the point says which grid of it.
    assert (three.place.code, three.is_active) == (GRID, False)
    assert len({one.tag, two.tag, three.tag}) == 3
    entry = AuditEntry.objects.get(verb="facilities.import")
    assert (entry.facts["created"], entry.actor_id) == (3, town.users["operator"].pk)


def test_a_known_code_is_changed_and_its_label_stays_good(town: Town) -> None:
    sheet = take_in(town, f"L1,路灯,换过的灯,roads,{GRID_2},,,,,")
    lamp = Facility.objects.get(code="L1")
    assert (sheet.imported, lamp.pk, lamp.tag, lamp.name, lamp.place.code) == (1, town.lamp.pk, "LAMP0001", "换过的灯", GRID_2)


def test_points_of_map_services_are_brought_home(town: Town) -> None:
    lng, lat = geo.from_wgs84(*IN_GRID, geo.GCJ02)
    take_in(town, f"D1,路灯,灯,lighting,,{lng},{lat},高德,,")
    thing = Facility.objects.get(code="D1")
    assert (thing.lng, thing.lat) == (pytest.approx(IN_GRID[0], abs=1e-6), pytest.approx(IN_GRID[1], abs=1e-6))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("D1,飞船,灯,lighting,,103.15,25.05,,,", "不在可选范围"),
        ("D1,路灯,,lighting,,103.15,25.05,,,", "是空的"),
        ("D1,路灯,灯,没有的单位,,103.15,25.05,,,", "没有“没有的单位”这个单位"),
        ("D1,路灯,灯,lighting,,,,,,", "不知道在哪里"),
        ("D1,路灯,灯,lighting,,103.15,,,,", "要一起写"),
        ("D1,路灯,灯,lighting,,25.05,103.15,,,", "好像写反了"),
        ("D1,路灯,灯,lighting,,110,30,,,", "不在任何网格里"),
        ("D1,路灯,灯,lighting,530302009,103.15,25.05,,,", "没有代码是 530302009 的区域"),
        (f"D1,路灯,灯,lighting,{OTHER_GRID},103.15,25.05,,,", "和写的“建宁街道 · 古城社区 · 第一网格”对不上"),
        (f"D1,路灯,灯,lighting,{GRID},,,,C9,", "没有代码是 C9 的小区"),
    ],
)
def test_a_bad_row_is_refused_and_the_good_one_comes_in(town: Town, line: str, says: str) -> None:
    sheet = take_in(town, "D0,路灯,好灯,lighting,,103.15,25.05,,,", line)
    assert (sheet.imported, sheet.refused) == (1, 1)
    assert says in sheet.refusals.get().reason
    assert list(Facility.objects.filter(code__startswith="D").values_list("code", flat=True)) == ["D0"]


def test_the_same_code_twice_comes_in_once(town: Town) -> None:
    line = f"D1,路灯,灯,lighting,{GRID},,,,,"
    sheet = take_in(town, line, line)
    assert (sheet.imported, sheet.refused) == (1, 1)
    assert "出现了不止一次" in sheet.refusals.get().reason


def test_two_firms_of_one_name_are_told_apart_by_code(town: Town) -> None:
    twin = town.bodies["roads"]
    twin.name = "安居物业"
    twin.save()
    caches.touch("bodies")
    sheet = take_in(town, f"D1,路灯,灯,安居物业,{GRID},,,,,", f"D2,路灯,灯,roads,{GRID},,,,,")
    assert "有 2 个" in sheet.refusals.get().reason
    assert Facility.objects.get(code="D2").owner == twin


def test_a_place_without_outline_needs_a_point(town: Town) -> None:
    Place.objects.filter(code=GRID).update(polygon="")
    sheet = take_in(town, f"D1,路灯,灯,lighting,{GRID},,,,,")
    assert "还没有边界" in sheet.refusals.get().reason
