"""The seed rows hold together: every code that one file names stands in the other, every value is one the models know."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from gongzhi.cases.models import Attribute, Category, TermRule
from gongzhi.community.models import Place
from gongzhi.demo.names import SEEDS, rows
from gongzhi.kernel.workdays import UNITS

CATEGORIES = {row["code"]: row for row in rows("categories")}
KINDS = {row["code"]: row["level"] for row in rows("body_kinds")}


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.csv")), ids=lambda path: path.stem)
def test_every_row_has_every_column_and_the_readme_names_the_file(path: object) -> None:
    name = path.stem  # type: ignore[attr-defined]
    found = rows(name)
    assert found
    assert all(None not in row and None not in row.values() for row in found)
    assert f"`{name}.csv`" in (SEEDS / "README.md").read_text(encoding="utf-8")


def test_categories() -> None:
    assert len(CATEGORIES) == len(rows("categories"))
    seen: set[str] = set()
    for row in rows("categories"):
        assert not row["parent"] or row["parent"] in seen, "parents stand before their children"
        assert row["kind"] in Category.Kind.values
        assert row["risk"] in Category.Risk.values
        assert row["is_public"] in "01"
        assert row["name_zh"]
        assert row["name_en"]
        assert len(row["code"]) <= 32
        seen.add(row["code"])
    assert len({row["name_zh"] for row in rows("categories")}) == len(CATEGORIES)


def test_private_matters_are_private() -> None:
    for code in ("dispute-family", "noise-neighbour", "wages", "min-living", "report-discipline", "medical-dispute", "illegal-new"):
        assert CATEGORIES[code]["is_public"] == "0"


def test_icons_are_in_the_sprite() -> None:
    icons = (SEEDS.parent / "gongzhi" / "web" / "icons.txt").read_text(encoding="utf-8").split()
    assert {row["icon"] for row in rows("categories")} <= set(icons)


def test_keywords_of_leaves() -> None:
    leaves = set(CATEGORIES) - {row["parent"] for row in rows("categories")}
    assert [code for code in leaves if not CATEGORIES[code]["keywords"]] == ["other"]
    for row in rows("categories"):
        words = [word.partition(":") for word in row["keywords"].split("|") if word]
        assert all(len(word) <= 40 and (not weight or float(weight) > 0) for word, _sign, weight in words)
        assert len({word for word, *_rest in words}) == len(words), row["code"]


def test_attributes() -> None:
    keys = Counter((row["category"], row["code"]) for row in rows("attributes"))
    assert max(keys.values()) == 1
    for row in rows("attributes"):
        assert row["category"] in CATEGORIES
        assert row["datatype"] in Attribute.Datatype.values
        assert row["datatype"].endswith("list") == bool(row["values"])
        assert all(value.count(":") == 2 for value in row["values"].split("|") if value)


def test_terms() -> None:
    for row in rows("terms"):
        assert row["clock"] in TermRule.Clock.values
        assert bool(row["category"]) != bool(row["risk"])
        assert not row["category"] or row["category"] in CATEGORIES
        assert row["unit"] in UNITS
        assert int(row["amount"]) > 0
        assert row["source"]
        assert dt.date.fromisoformat(row["in_force_on"])
    every = {(row["clock"], row["risk"]) for row in rows("terms") if row["risk"]}
    assert every == {(clock, risk) for clock in TermRule.Clock.values for risk in Category.Risk.values}


def test_terms_of_the_facts() -> None:
    resolve = {row["risk"]: (row["amount"], row["unit"]) for row in rows("terms") if row["clock"] == "resolve"}
    assert resolve["danger"] == ("2", "hours")
    assert resolve["utility"] == ("24", "hours")
    assert resolve["ordinary"] == ("7", "natural_days")
    assert resolve["complex"] == ("15", "natural_days")
    assert all(row["is_confirmed"] == "0" for row in rows("terms"))


def test_routing() -> None:
    for row in rows("routing"):
        assert not row["category"] or row["category"] in CATEGORIES
        assert row["to_owner"] == "1" or row["body_kind"] in KINDS
        assert row["place_kind"] in {"", "community", "village"}
        assert row["hours"] in {"", "working", "closed"}
        assert not row["body_kind"] or row["level"] == KINDS[row["body_kind"]]
        assert row["why_zh"]
        assert row["why_en"]
    assert [int(row["priority"]) for row in rows("routing")] == sorted(int(row["priority"]) for row in rows("routing"))


def test_things_go_to_their_owner_before_any_place() -> None:
    thing = next(int(row["priority"]) for row in rows("routing") if row["category_kind"] == "thing" and row["to_owner"] == "1")
    event = next(int(row["priority"]) for row in rows("routing") if row["category_kind"] == "event" and row["to_owner"] == "1")
    placed = [int(row["priority"]) for row in rows("routing") if row["place_kind"] and row["category"]]
    assert thing < min(placed) <= max(placed) < event


def test_no_rule_stands_behind_one_that_always_takes_its_cases() -> None:
    """A rule for everything above a category, without a condition and with a body everywhere, ends the search."""
    roster = {row["kind"] for row in rows("bodies") if row["place_kind"] == "district"}
    always: set[str] = set()
    for row in rows("routing"):
        assert not always & set(_line(row["category"])), row
        free = not (row["category_kind"] or row["place_kind"] or row["owner_kind"] or row["hours"])
        if free and row["category"] and row["body_kind"] in roster:
            always.add(row["category"])


def test_every_leaf_finds_a_body_in_a_village_and_in_a_community() -> None:
    roster = {row["kind"] for row in rows("bodies")}
    for code in set(CATEGORIES) - {row["parent"] for row in rows("categories")}:
        for kind in ("village", "community"):
            assert next((row for row in rows("routing") if _holds(row, code, kind) and row["body_kind"] in roster), None)


def _line(code: str) -> list[str]:
    line = []
    while code:
        line.append(code)
        code = CATEGORIES[code]["parent"]
    return line


def _holds(row: dict[str, str], code: str, place_kind: str) -> bool:
    return (not row["category"] or row["category"] in _line(code)) and row["place_kind"] in ("", place_kind)


def test_bodies() -> None:
    assert {row["kind"] for row in rows("bodies")} <= set(KINDS)
    own = {(row["place_kind"], row["suffix"]) for row in rows("bodies")}
    assert len(own) == len(rows("bodies"))
    assert all((row["place_kind"], row["parent"]) in own for row in rows("bodies") if row["parent"])
    assert set(KINDS.values()) <= {"district", "street", "community", "grid"}


def test_legal_routes_have_their_text() -> None:
    routes = {row["code"] for row in rows("wording") if row["kind"] == "legal_route"}
    assert {row["legal_route"] for row in rows("categories") if row["legal_route"]} <= routes
    assert {row["kind"] for row in rows("wording")} == {"refusal_ground", "legal_route", "notice", "reply", "emergency"}
    assert all(row["text_zh"] and row["text_en"] for row in rows("wording"))


def test_places() -> None:
    assert {row["kind"] for row in rows("places_qilin")} <= set(Place.Kind.values)
    types = {row["community_type"] for row in rows("places_qilin") if row["kind"] == "community"}
    assert types == set(Place.CommunityType.values)
    cells = Counter[str]()
    for row in rows("places_qilin"):
        if row["kind"] == "community" and row["centre"] == "1":
            cells.update(patrols=int(row["patrols"]), grids=int(row["cells"]), communities=1)
    assert dict(cells) == {"patrols": 104, "grids": 686, "communities": 59}
