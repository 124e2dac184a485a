"""Coordinates and polygons."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.kernel import geo
from gongzhi.kernel.errors import DomainError

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


def square(size: float, at: float = 0.0) -> dict:
    ring = [[at, at], [at + size, at], [at + size, at + size], [at, at + size], [at, at]]
    return {"type": "Polygon", "coordinates": [ring]}


# Pairs published with the transformation: (WGS-84, GCJ-02, BD-09) of well-known points.
@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((116.3912757, 39.9067556), (116.39751691, 39.90815861)),  # Beijing, Tian'anmen
        ((121.5036, 31.2382), (121.50811, 31.23606)),  # Shanghai, Lujiazui
        ((114.0579, 22.5431), (114.06300, 22.54021)),  # Shenzhen
    ],
)
def test_gcj02_of_known_points(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert geo.distance_m(*geo.from_wgs84(*wgs, geo.GCJ02), *gcj) < 60


def test_reference_pair_of_the_transformation() -> None:
    """The pair used by the widely copied reference implementations: GCJ-02 116.404, 39.915."""
    lng, lat = geo.to_wgs84(116.404, 39.915, geo.GCJ02)
    assert (lng, lat) == pytest.approx((116.39775550083061, 39.91359571849836), abs=2e-5)
    bd = geo.from_wgs84(lng, lat, geo.BD09)
    assert bd == pytest.approx((116.41036949371029, 39.92133699351022), abs=1e-7)


inside = st.tuples(st.floats(73, 137), st.floats(2, 55))


@settings(max_examples=150, deadline=None)
@given(inside, st.sampled_from(geo.DATUMS))
def test_round_trip_is_below_a_millionth_of_a_degree(point: tuple[float, float], datum: str) -> None:
    there = geo.from_wgs84(*point, datum)
    back = geo.to_wgs84(*there, datum)
    assert back == pytest.approx(point, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(st.tuples(st.floats(-180, 71), st.floats(-90, 90)), st.sampled_from(geo.DATUMS))
def test_outside_china_nothing_moves(point: tuple[float, float], datum: str) -> None:
    assert geo.from_wgs84(*point, datum) == point == geo.to_wgs84(*point, datum)


def test_distance() -> None:
    assert geo.distance_m(0, 0, 0, 1) == pytest.approx(111_195, abs=1)
    assert geo.distance_m(102.7, 25, 102.7, 25) == 0
    assert geo.distance_m(179.999, 0, -179.999, 0) == pytest.approx(222.4, abs=0.1)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("102.712, 25.043", (102.712, 25.043)),
        ("25.043 102.712", (102.712, 25.043)),
        ("１０２.７１２，２５.０４３", (102.712, 25.043)),
        ("东经102°42′36″ 北纬25°2′24″", (102.71, 25.04)),
        ("25°2'24\"N 102°42'36\"E", (102.71, 25.04)),
        ("geo:25.04,102.71?z=16", (102.71, 25.04)),
        ("-71.0587,42.3594", (-71.0587, 42.3594)),
        ("纬度 42.3594 西经 71.0587", (-71.0587, 42.3594)),
    ],
)
def test_parse_point(text: str, point: tuple[float, float]) -> None:
    assert geo.parse_point(text) == pytest.approx(point, abs=1e-6)


@pytest.mark.parametrize("text", ["", "东门口", "102.7", "1,2,3", "500,20", "100,100", "nan,nan"])
def test_parse_point_refuses_with_a_sentence(text: str) -> None:
    with pytest.raises(DomainError) as refused:
        geo.parse_point(text)
    assert refused.value.message.endswith("。")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_parse_point_never_breaks(text: str) -> None:
    try:
        lng, lat = geo.parse_point(text)
    except DomainError:
        return
    assert abs(lng) <= 180
    assert abs(lat) <= 90


def test_smallest_polygon_wins_and_boundaries_count() -> None:
    index = geo.PolygonIndex([("town", square(4)), ("grid", json.dumps(square(1))), ("far", square(1, at=50))])
    assert index.find(0.5, 0.5) == "grid"
    assert index.find(2, 2) == "town"
    assert index.find(1, 1) == "grid"
    assert index.find(0, 3) == "town"
    assert index.find(10, 10) is None
    assert index.find_all(0.5, 0.5) == ["grid", "town"]
    assert index.find_many([(0.5, 0.5), (9, 9), (50.5, 50.5)]) == ["grid", None, "far"]
    assert len(index) == 3


def test_empty_index() -> None:
    index: geo.PolygonIndex[int] = geo.PolygonIndex([])
    assert index.find(0, 0) is None
    assert index.find_all(0, 0) == []
    assert index.find_many([]) == []


def test_clean_polygon_closes_rings_and_gives_the_bbox() -> None:
    open_ring = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE["coordinates"][0][:-1]]},
    }
    text, bbox = geo.clean_polygon(json.dumps(open_ring))
    assert bbox == (0, 0, 1, 1)
    assert json.loads(text)["type"] == "Polygon"
    assert geo.clean_polygon(text) == (text, bbox)


def test_clean_polygon_mends_a_spike() -> None:
    spike = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [2, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    _text, bbox = geo.clean_polygon(spike)
    assert bbox == (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "交叉"),
        ({"type": "Polygon", "coordinates": [[[25, 102], [25, 103], [26, 103], [25, 102]]]}, "写反"),
        (
            {"type": "Polygon", "coordinates": [[[500000, 4e6], [500100, 4e6], [500100, 4.1e6], [500000, 4e6]]]},
            "地球外",
        ),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "三个"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]}, "面积"),
        ({"type": "Polygon", "coordinates": []}, "没有坐标"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]]]}, "看不懂"),
        ({"type": "Polygon", "coordinates": 7}, "看不懂"),
        ({"type": "Polygon", "coordinates": [[[float("nan"), 1], [1, 1], [2, 2]]]}, "看不懂"),
        ({"type": "Point", "coordinates": [1, 2]}, "Polygon"),
        ({"type": "FeatureCollection", "features": []}, "一块"),
        ("<svg/>", "GeoJSON"),
        ("[" * 100_000, "GeoJSON"),
        ({"type": "Polygon", "coordinates": [[[i / 1e5, 0] for i in range(geo.MAX_POINTS + 1)]]}, "太多"),
    ],
)
def test_clean_polygon_refuses_with_a_sentence(value: object, word: str) -> None:
    with pytest.raises(DomainError) as refused:
        geo.clean_polygon(value)  # type: ignore[arg-type]
    assert word in refused.value.message


def test_to_display_is_lighter_and_never_empty() -> None:
    ring = [[i / 1000, 0.000001 * (i % 2)] for i in range(1001)] + [[1, 1], [0, 1], [0, 0]]
    text, _bbox = geo.clean_polygon({"type": "Polygon", "coordinates": [ring]})
    light = geo.to_display(text)
    assert len(light) < len(text) / 20
    assert geo.to_display(square(0.00001), tolerance=1.0)


def test_real_footprints_with_three_invalid_rings() -> None:
    folder = os.environ.get("GONGZHI_REAL_DATA")
    if not folder:
        pytest.skip("GONGZHI_REAL_DATA is not set")
    features = json.loads((Path(folder) / "buildings/nanshan_5438.geojson").read_text())["features"]
    refused = 0
    for feature in features:
        try:
            geo.clean_polygon(feature)
        except DomainError:
            refused += 1
    assert refused <= 3
