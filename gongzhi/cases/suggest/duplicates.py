"""Do two cases say the same? Shared character pairs, nearness and time; each match says why in figures."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from gongzhi.cases.suggest.words import clean

LEAST = 0.35
LEAST_WORDS = 0.12
"""Below this the words have nothing to do with each other, however near the places are."""
NEAR_M = 150.0
FADE_DAYS = 30.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case to compare with: metres away (None: unknown) and days ago."""

    id: int
    text: str
    metres: float | None
    days: float
    same_category: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate with its score 0..1 and what it rests on."""

    id: int
    score: float
    words: float
    metres: float | None


def pairs(text: str) -> Counter[str]:
    """Character pairs of the cleaned text."""
    plain = clean(text)
    return Counter(plain[at : at + 2] for at in range(len(plain) - 1))


def cosine(one: Counter[str], other: Counter[str]) -> float:
    """0 nothing shared .. 1 the same."""
    dot = sum(count * other[pair] for pair, count in one.items())
    size = math.sqrt(sum(count**2 for count in one.values()) * sum(count**2 for count in other.values()))
    return dot / size if size else 0.0


def similar(text: str, candidates: Iterable[Candidate], *, least: float = LEAST) -> list[Match]:
    """Those that may be the same matter, best first; none when nothing is alike enough."""
    mine = pairs(text)
    found = [_match(mine, one) for one in candidates]
    return sorted((match for match in found if match.score >= least and match.words >= LEAST_WORDS), key=lambda match: -match.score)


def _match(mine: Counter[str], one: Candidate) -> Match:
    words = cosine(mine, pairs(one.text))
    near = 0.0 if one.metres is None else math.exp(-one.metres / NEAR_M)
    fresh = math.exp(-one.days / FADE_DAYS)
    score = (0.6 * words + 0.25 * near + 0.15 * one.same_category) * (0.5 + 0.5 * fresh)
    return Match(one.id, round(score, 4), round(words, 4), one.metres)
