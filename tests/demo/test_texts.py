"""What the demonstration's people write: something for every category, varied, the same for the same key, quick, impersonal."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest

from gongzhi.demo import texts
from gongzhi.demo.names import rows

LEAVES = [row["category"] for row in rows("demo_mix")]
KINDS = sorted({row["kind"] for row in rows("demo_replies") if not row["kind"].startswith("rate-")})
PERSONAL = re.compile(r"\d{7,}|[0-9一二三四五六七八九]+(?:室|单元)|[王李张刘陈杨赵](?:某|先生|女士|师傅)")


@pytest.mark.parametrize("category", LEAVES)
def test_every_category_has_texts(category: str) -> None:
    found = [texts.report(category, key, "东风路3号") for key in range(60)]
    assert len(set(found)) >= 12
    for text in found:
        assert 4 < len(text) < 120
        assert "{" not in text
        assert not PERSONAL.search(text), text


def test_every_leaf_is_in_the_mixture() -> None:
    parents = {row["parent"] for row in rows("categories")}
    assert set(LEAVES) == {row["code"] for row in rows("categories")} - parents


def test_common_categories_have_six_patterns() -> None:
    count = Counter(row["category"] for row in rows("demo_reports"))
    common = [row["category"] for row in rows("demo_mix") if int(row["weight"]) >= 16]
    assert len(common) > 30
    assert all(count[code] >= 6 for code in common), [code for code in common if count[code] < 6]
    assert min(count.values()) >= 4


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_reply_answers_every_category(kind: str) -> None:
    for category in LEAVES:
        text = texts.reply(kind, category, 7)
        assert text
        assert "{" not in text
        assert not PERSONAL.search(text)


def test_solved_speaks_of_the_matter() -> None:
    assert "灯" in texts.reply("solved", "lamp-out", 1) or "照明" in texts.reply("solved", "lamp-out", 1)
    assert texts.reply("solved", "lamp-out", 1) != texts.reply("solved", "pothole", 1)


def test_public_words_name_the_matter() -> None:
    assert all("路灯不亮" in texts.reply("public_words", "lamp-out", key) for key in range(5))


def test_where_is_said() -> None:
    assert any("东风路3号" in texts.report("lamp-out", key, "东风路3号") for key in range(9))
    assert not any("东风路3号" in texts.report("lamp-out", key) for key in range(9))


def test_same_key_same_text_and_another_key_another() -> None:
    assert texts.report("pothole", 12345) == texts.report("pothole", 12345)
    assert len({texts.report("pothole", key) for key in range(5000)}) > 2500


def test_ratings() -> None:
    said = [texts.rating(5, key) for key in range(1000)]
    assert 300 < sum(map(bool, said)) < 500
    assert all(texts.rating(stars, 4) is not None for stars in range(1, 6))


def test_categories_come_as_often_as_in_the_mixture() -> None:
    count = Counter(texts.category(key) for key in range(20_000))
    assert count["lamp-out"] > count["waste-exposed"] > count["medical-dispute"] > 0
    assert not texts.village_categories() & set(count)
    country = Counter(texts.category(key, is_village=True) for key in range(5_000))
    assert country["village-road"] > 10
    assert not texts.town_categories() & set(country)


def test_answers_fit_the_questions() -> None:
    required = {row["code"] for row in rows("attributes") if row["category"] == "noise" and row["required"] == "1"}
    assert required
    for key in range(50):
        found = texts.answers("noise-shop", key)
        assert required <= set(found)
        assert found["when"] in {"day", "evening", "night", "all"}


def test_quick_enough_for_a_million() -> None:
    """CPU time; measured at 480,000 a second, asked is a quarter of the wanted 100,000 on a slow machine."""
    before = time.process_time()
    for key in range(20_000):
        texts.report(texts.category(key), key)
    assert 20_000 / (time.process_time() - before) > 25_000
