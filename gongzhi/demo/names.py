"""The seed rows of the demo district, read once, and the names that are made from them. Every name of a person is invented."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
PASSWORD = "gongzhi"  # noqa: S105  of every account of the demonstration; stands on its sign-in page
SEED = "qilin-1"
"""Changes the whole invented district; names and codes of real places stay."""


def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `seeds/<name>.csv`."""
    return _rows(SEEDS / f"{name}.csv")


@lru_cache(maxsize=64)
def _rows(path: Path) -> tuple[dict[str, str], ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def rng(*names: object) -> Random:
    """A generator of its own for every thing, so that a part of the district equals the same part of the whole."""
    return Random(":".join((SEED, *map(str, names))))


def share(*names: object) -> float:
    """A fixed number in 0..1 for a thing; cheaper than a generator."""
    digest = hashlib.blake2b(":".join((SEED, *map(str, names))).encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


@lru_cache(maxsize=64)
def words(kind: str) -> tuple[str, ...]:
    """The Chinese words of a kind."""
    return tuple(row["zh"] for row in rows("demo_words") if row["kind"] == kind)


@lru_cache(maxsize=64)
def pattern(kind: str) -> tuple[str, str]:
    """The one pattern of a kind, Chinese and English."""
    return next((row["zh"], row["en"]) for row in rows("demo_words") if row["kind"] == kind)


def person(code: str) -> str:
    """An invented name for a code."""
    pick = rng("person", code)
    return pick.choice(words("surname")) + pick.choice(words("given"))


def phone(code: str) -> str:
    """A number of a range that no one is called on in this demonstration: 199 0000 0000 and up."""
    return f"199{int(share('phone', code) * 10**8):08d}"


@lru_cache(maxsize=1)
def _communities() -> dict[str, int]:
    places = rows("places_qilin")
    return {row["code"]: number for number, row in enumerate(row for row in places if row["kind"] == "community")}


ROADS_EACH = 3


@lru_cache(maxsize=256)
def roads(community: str) -> tuple[str, ...]:
    """The roads of a community; no two communities share a name."""
    stems, endings = words("road-name"), words("road-suffix")
    order = list(range(len(stems) * len(endings)))
    rng("roads").shuffle(order)
    first = _communities()[community] * ROADS_EACH
    picked = order[first : first + ROADS_EACH]
    return tuple(stems[number // len(endings)] + endings[number % len(endings)] for number in picked)


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages."""

    zh: str
    en: str


def numbered(kind: str, number: int) -> Label:
    """The name of a numbered place below the community: `patrol`, `grid`, `group`, `micro`."""
    zh, en = pattern(f"place-{kind}")
    return Label(zh.format(n=number), en.format(n=number))
