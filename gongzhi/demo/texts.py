"""What people of the demonstration write: reports, replies, reasons, ratings. Varied, invented, the same for the same key.

A text is chosen by a whole number alone (splitmix64), so that a million cases built in any order read alike each time.
Patterns stand in `seeds/demo_reports.csv` and `seeds/demo_replies.csv`; they name no person, telephone or flat.
"""

from __future__ import annotations

import bisect
import itertools
import re
from functools import lru_cache
from typing import Any

from gongzhi.demo import names

_SLOT = re.compile(r"\{(\w+)\}")
_MASK = (1 << 64) - 1

Pieces = tuple[str | tuple[str, ...], ...]
"""A pattern taken apart: literal text, or the words that may stand there."""


def _mix(key: int) -> int:
    """64 bits that look random, from any number (splitmix64)."""
    z = (key * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def _pieces(text: str) -> Pieces:
    parts: list[str | tuple[str, ...]] = []
    for number, part in enumerate(_SLOT.split(text)):
        if number % 2:
            parts.append(names.words(f"slot-{part}") or (f"{{{part}}}",))
        elif part:
            parts.append(part)
    return tuple(parts)


@lru_cache(maxsize=1)
def _reports() -> dict[str, tuple[Pieces, ...]]:
    found: dict[str, list[Pieces]] = {}
    for row in names.rows("demo_reports"):
        found.setdefault(row["category"], []).append(_pieces(row["text"]))
    return {code: tuple(patterns) for code, patterns in found.items()}


@lru_cache(maxsize=256)
def _frame(category: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """How one begins and ends: a danger, a question, thanks, a quarrel and a fault are told differently."""
    row = _rows()[category]
    ways = (category, row["parent"], row["risk"], row["kind"])
    way = next((f"-{one}" for one in ways if names.words(f"closing-{one}")), "")
    return names.words(f"opening{way}"), names.words(f"closing{way}"), names.words("slot-where")


def report(category: str, key: int, where: str = "") -> str:
    """What someone writes about a category; `where` stands for the place if the pattern names one."""
    patterns = _reports()[category]
    openings, closings, spots = _frame(category)
    bits = _mix(key)
    bits, choice = divmod(bits, len(patterns))
    bits, opening = divmod(bits, len(openings))
    bits, closing = divmod(bits, len(closings))
    out = [openings[opening]]
    for piece in patterns[choice]:
        if isinstance(piece, str):
            out.append(piece)
        elif where and piece is spots:
            out.append(where)
        else:
            bits, number = divmod(bits, len(piece))
            out.append(piece[number])
    out.append(closings[closing])
    return "".join(out)


@lru_cache(maxsize=1)
def _lines() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in names.rows("demo_replies"):
        found.setdefault((row["kind"], row["category"]), []).append(row["text"])
    return {key: tuple(texts) for key, texts in found.items()}


@lru_cache(maxsize=1)
def _rows() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in names.rows("categories")}


@lru_cache(maxsize=1)
def _parents() -> dict[str, str]:
    return {code: row["parent"] for code, row in _rows().items()}


@lru_cache(maxsize=4096)
def _choices(kind: str, category: str) -> tuple[str, ...]:
    """The lines of the category, else of its parent, and so on up, else of everything."""
    code = category
    while code and (kind, code) not in _lines():
        code = _parents()[code]
    topic = _rows()[category]["name_zh"] if category else ""
    return tuple(line.replace("{topic}", topic) for line in _lines()[(kind, code)])


def reply(kind: str, category: str, key: int) -> str:
    """A line of staff or reporter: `solved`, `explained`, `for_now`, `progress`, `answer`, `send_back`, `public_words`, `reopen`…"""
    lines = _choices(kind, category)
    return lines[_mix(key ^ 0x5A5A) % len(lines)]


def rating(stars: int, key: int) -> str:
    """Words with 1-5 stars; three of five say nothing."""
    lines = _choices(f"rate-{stars}", "")
    bits, silence = divmod(_mix(key ^ 0xA5A5), 5)
    return "" if silence < 3 else lines[bits % len(lines)]


@lru_cache(maxsize=1)
def _mixture() -> tuple[tuple[str, ...], list[int]]:
    rows = names.rows("demo_mix")
    return tuple(row["category"] for row in rows), list(itertools.accumulate(int(row["weight"]) for row in rows))


def category(key: int, *, is_village: bool = False) -> str:
    """A category, as often as such things are reported; village matters only where villages are."""
    codes, sums = _mixture()
    for attempt in range(8):
        found = codes[bisect.bisect_right(sums, _mix(key + (attempt << 40)) % sums[-1])]
        if (found in village_categories()) <= is_village and not (is_village and found in town_categories()):
            return found
    return "other"


@lru_cache(maxsize=1)
def village_categories() -> frozenset[str]:
    """Leaves that only make sense in the country."""
    return frozenset(code for code, parent in _parents().items() if parent == "rural")


@lru_cache(maxsize=1)
def town_categories() -> frozenset[str]:
    """Leaves that only make sense where there are blocks of flats."""
    parents = _parents()
    return frozenset(code for code in parents if parents[code] in {"building", "service"} or "elevator" in code)


@lru_cache(maxsize=256)
def _questions(category: str) -> tuple[dict[str, str], ...]:
    line, code = [category], category
    while code := _parents()[code]:
        line.append(code)
    return tuple(row for row in names.rows("attributes") if row["category"] in line)


def answers(category: str, key: int) -> dict[str, Any]:
    """Answers to the questions of a category: every required one, and choices about every second time."""
    found: dict[str, Any] = {}
    for number, row in enumerate(_questions(category)):
        bits, skip = divmod(_mix(key + number * 7919), 2)
        if row["required"] != "1" and skip:
            continue
        options = [value.split(":")[0] for value in row["values"].split("|") if value]
        if row["datatype"] in ("singlevaluelist", "multivaluelist"):
            chosen = options[bits % len(options)]
            found[row["code"]] = [chosen] if row["datatype"] == "multivaluelist" else chosen
        elif row["datatype"] == "number":
            found[row["code"]] = 1 + bits % 12
    return found
