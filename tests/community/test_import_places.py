"""Places from files: boundaries and division codes, good and bad, by the actions and by the command."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from gongzhi.community.actions import import_divisions, import_geojson
from gongzhi.community.actions.checks import warnings_of
from gongzhi.community.actions.planning import plan_places
from gongzhi.community.models import Place
from gongzhi.community.place_files import Fields, Reading, read_geojson
from gongzhi.kernel import geo
from tests.cast import COMMUNITY, GRID, GRID_2, STREET, Town, square

pytestmark = pytest.mark.django_db


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def run(path: Path, **options: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_places", str(path), stdout=out, stderr=err, **options)
    return out.getvalue().strip(), err.getvalue()


def write(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), "utf-8")
    return path


DIVISIONS = """统计用区划代码,名称
530000000000,云南省
530302000000,麒麟区
530302001000,南宁街道办事处
530302101000,越州镇
530302001001,潇湘社区居民委员会
530302101201,三元村村民委员会
530302101202,冷家屯村民委员会
530302109201,没有镇的村委会
530302001001,潇湘社区居民委员会
5303020010,短码
"""


def test_division_codes_come_in_whatever_they_look_like(db: None, tmp_path: Path) -> None:
    line, said = run(write(tmp_path, "codes.csv", DIVISIONS))
    assert line == "places=10 created=6 changed=0 refused=4"
    assert list(Place.objects.order_by("code").values_list("code", "kind", "name")) == [
        ("530302", "district", "麒麟区"),
        ("530302001", "street", "南宁街道"),
        ("530302001001", "community", "潇湘社区"),
        ("530302101", "town", "越州镇"),
        ("530302101201", "village", "三元村"),
        ("530302101202", "village", "冷家屯村"),
    ]
    for sentence in (
        "2: 530000：省、市两级不用导入",
        "9: 530302109201：找不到上级 530302109",
        "10: 530302001001：代码和第 6 行重复",
        "11: “5303020010”不是区划代码",
        "3 个社区（村）下面还没有网格：潇湘社区、三元村、冷家屯村",
    ):
        assert sentence in said
    again, _said = run(write(tmp_path, "codes.csv", DIVISIONS))
    assert again == "places=10 created=0 changed=0 refused=4"


def test_a_look_writes_nothing(db: None, tmp_path: Path) -> None:
    line, _said = run(write(tmp_path, "codes.csv", DIVISIONS), dry_run=True)
    assert line == "places=10 created=6 changed=0 refused=4"
    assert not Place.objects.exists()


def test_codes_again_leave_what_the_town_knows_better(town: Town) -> None:
    rows = [("530302", "麒麟区"), (STREET, "南宁街道"), (COMMUNITY, "潇湘社区居委会")]
    plan = import_divisions(rows=rows, by=None)
    assert (len(plan.of("same")), plan.refused, plan.written) == (3, [], [])
    community = Place.objects.get(code=COMMUNITY)
    assert (community.community_type, bool(community.polygon)) == ("old", True)


def test_boundaries_say_their_own_level_and_their_parent(town: Town, tmp_path: Path) -> None:
    content = collection(
        feature(square(103.2, 25.6, 0.1, 0.1), code="530302001002001", name="第一网格", kind="网格", households=310),
        feature(square(103.2, 25.5, 0.2, 0.4), code="530302001002", name="南宁社区", kind="community", parent=STREET, community_type="old"),
        feature(None, code=f"{COMMUNITY}X01", name="东片", kind="巡查网格"),
    )
    line, said = run(write(tmp_path, "areas.geojson", content))
    assert (line, said) == ("places=3 created=3 changed=0 refused=0", "")
    grid = Place.objects.get(code="530302001002001")
    assert (grid.parent and grid.parent.code, grid.households, grid.max_lng) == ("530302001002", 310, pytest.approx(103.3))
    assert Place.objects.get(code="530302001002").community_type == "old"


def test_names_of_fields_can_be_told_and_codes_are_given(town: Town, tmp_path: Path) -> None:
    content = collection(*(feature(square(103.3 + at / 10, 25.2, 0.1, 0.1), 名字=f"新网格{at}") for at in range(2)))
    path = write(tmp_path, "grids.json", content)
    options = {"level": "grid", "parent": COMMUNITY, "name_field": "名字"}
    assert run(path, **options)[0] == "places=2 created=2 changed=0 refused=0"
    codes = dict(Place.objects.filter(name__startswith="新网格").values_list("name", "code"))
    assert codes == {"新网格0": f"{COMMUNITY}003", "新网格1": f"{COMMUNITY}004"}
    # The file comes again, in another order: known by their names, nobody is renumbered.
    content["features"].reverse()
    assert run(write(tmp_path, "grids.json", content), **options)[0] == "places=2 created=0 changed=0 refused=0"
    assert dict(Place.objects.filter(name__startswith="新网格").values_list("name", "code")) == codes


@pytest.mark.parametrize(
    ("kind", "parent", "code"),
    [("patrol", COMMUNITY, f"{COMMUNITY}X01"), ("micro", GRID, f"{GRID}01"), ("community", STREET, f"{STREET}002")],
)
def test_every_level_is_numbered_in_its_own_way(town: Town, kind: str, parent: str, code: str) -> None:
    plan = import_geojson(collection=collection(feature(None, name="新的")), by=None, reading=Reading(kind, parent))
    assert [one.place.code for one in plan.planned] == [code]


def test_without_code_and_parent_a_feature_is_refused(town: Town) -> None:
    plan = import_geojson(collection=collection(feature(None, name="新的")), by=None, reading=Reading("grid"))
    assert [one.sentence for one in plan.refused] == ["“新的”没有代码，也没有写对上级，没法编号。"]


def test_coordinates_of_other_systems_end_in_wgs84(town: Town) -> None:
    ring = [list(geo.from_wgs84(*point, geo.GCJ02)) for point in square(103.3, 25.2, 0.1, 0.1)["coordinates"][0]]
    shifted = collection(feature({"type": "Polygon", "coordinates": [ring]}, code=f"{COMMUNITY}009", name="高德网格"))
    import_geojson(collection=shifted, by=None, reading=Reading("grid", datum=geo.GCJ02))
    grid = Place.objects.get(code=f"{COMMUNITY}009")
    assert (grid.min_lng, grid.min_lat) == (pytest.approx(103.3, abs=1e-6), pytest.approx(25.2, abs=1e-6))


BOW_TIE = {"type": "Polygon", "coordinates": [[[103, 25], [104, 26], [104, 25], [103, 26], [103, 25]]]}


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (feature(BOW_TIE, code=f"{COMMUNITY}009", name="交叉"), "自己交叉了"),
        (
            feature(
                {"type": "Polygon", "coordinates": [[[25, 103], [25.1, 103], [25.1, 103.1], [25, 103]]]},
                code=f"{COMMUNITY}009",
                name="写反",
            ),
            "写反了",
        ),
        (feature({"type": "Point", "coordinates": [103, 25]}, code=f"{COMMUNITY}009", name="点"), "不能是点或线"),
        (feature({"type": "Polygon", "coordinates": "x"}, code=f"{COMMUNITY}009", name="乱"), "看不懂"),
        (feature({"type": "Polygon"}, code=f"{COMMUNITY}009", name="空"), "看不懂"),
        (feature(None, code=f"{COMMUNITY}009"), "没有名称"),
        (feature(None, code=f"{COMMUNITY}009", name="甲", kind="planet"), "没有“planet”这一级"),
        (feature(7, code=f"{COMMUNITY}009", name="甲"), "看不懂"),
        ("nonsense", "看不懂"),
        (feature(None, code="530302001009001", name="甲"), "找不到上级 530302001009"),
        (feature(None, code=GRID, name="第一网格又来"), "和第 1 行重复"),
    ],
)
def test_a_bad_feature_is_refused_and_the_good_one_comes_in(town: Town, one: Any, says: str) -> None:
    good = feature(None, code=GRID, name="改名网格")
    plan = import_geojson(collection=collection(good, one), by=None, reading=Reading("grid", fields=Fields()))
    assert [(refused.number, says in refused.sentence) for refused in plan.refused] == [(2, True)]
    assert Place.objects.get(code=GRID).name == "改名网格"


def test_what_stands_below_a_refused_row_is_refused_too(db: None) -> None:
    plan = import_divisions(rows=[("530302", ""), ("530302001", "南宁街道")], by=None)
    assert [one.sentence for one in plan.refused] == [
        "530302：没有名称。",
        "530302001：找不到上级 530302。请先导入上级，或者把上级放进同一个文件。",
    ]
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    "content", ["{}", '{"type": "FeatureCollection", "features": []}', "{ not json", "[" * 5000, "a,b\n1,2\n", "代码,名称\n", '{"x": NaN}']
)
def test_what_is_no_such_file_is_said_in_one_sentence(db: None, tmp_path: Path, content: str) -> None:
    with pytest.raises(CommandError, match=r"[。！]$"):
        run(write(tmp_path, "file.geojson", content))


def test_a_missing_file_is_said_without_a_trace(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "nowhere.csv")


def warned(*features: Any, level: str = "grid") -> list[str]:
    plan = plan_places(read_geojson(collection(*features), Reading(level)))
    assert not plan.refused
    return warnings_of(plan)


def test_two_grids_on_the_same_ground_are_named(town: Town) -> None:
    inside = feature(square(103.05, 25, 0.1, 0.1), code=f"{COMMUNITY}009", name="第九网格")
    assert warned(inside) == [
        "“潇湘社区第九网格”和“潇湘社区第一网格”的边界有重叠，请核对。",
        "“潇湘社区第九网格”和“潇湘社区第二网格”的边界有重叠，请核对。",
    ]


def test_a_shared_border_and_its_own_old_outline_are_no_overlap(town: Town) -> None:
    beside = feature(square(103.2, 25, 0.1, 0.1), code=f"{COMMUNITY}003", name="第三网格")
    wider = feature(square(103.0, 25, 0.1, 0.2), code=GRID, name="第一网格")
    assert warned(beside, wider) == []


def test_two_new_ones_that_overlap_are_named_once(town: Town) -> None:
    twins = [feature(square(103.3, 25.2, 0.1, 0.1), code=f"{COMMUNITY}00{at}", name=f"网格{at}") for at in (3, 4)]
    assert warned(*twins) == ["“潇湘社区网格3”和“潇湘社区网格4”的边界有重叠，请核对。"]


def test_an_outline_outside_the_one_above_and_an_odd_code_are_said(town: Town) -> None:
    far = feature(square(103.9, 25.8, 0.05, 0.05), code=f"{COMMUNITY}003", name="第三网格")
    assert warned(far) == ["1 个区域的边界有一大半在上级外面：潇湘社区第三网格。请核对上级和坐标系。"]
    odd = feature(None, code="530302009001001", name="第三网格", parent=COMMUNITY)
    assert warned(odd) == ["1 个区域的代码和上级的前几位不一样：潇湘社区第三网格。"]


def test_a_community_with_grids_is_not_said_to_have_none(town: Town) -> None:
    rows = [feature(None, code=f"{STREET}00{at}", name=f"社区{at}") for at in (1, 2, 3)]
    below_patrol = [
        feature(None, code=f"{STREET}002X01", name="东片", kind="patrol"),
        feature(None, code=f"{STREET}002001", name="网格", kind="grid", parent=f"{STREET}002X01"),
    ]
    assert warned(*rows, *below_patrol, level="community") == ["1 个社区（村）下面还没有网格：社区3。"]
    assert Place.objects.get(code=GRID_2).parent.code == COMMUNITY  # type: ignore[union-attr]


@pytest.mark.real_data
def test_the_codes_of_a_real_district_come_in(db: None, real_data: Path) -> None:
    line, said = run(real_data / "divisions" / "qilin_530302.csv")
    assert line == "places=160 created=160 changed=0 refused=0"
    assert "143 个社区（村）下面还没有网格" in said
    outline = run(
        real_data / "boundaries" / "qilin_530302.geojson",
        level="district",
        datum="gcj02",
        code_field="adcode",
        kind_field="-",
        parent_field="-",
    )
    assert outline[0] == "places=1 created=0 changed=1 refused=0"
    assert Place.objects.filter(kind="street").count() + Place.objects.filter(kind="town").count() == 16
