"""Text as the model sees it: signs and digits dropped, words known from training run together. The same for raw and segmented text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from typing import Any

_OTHER = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")
_DIGIT = re.compile("[0-9]")
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
LONGEST = 4000
GRAMS = (1, 2, 3)


def is_segmented(text: str) -> bool:
    """Do blanks stand between Chinese words already, as in published training sets?"""
    return len(_BETWEEN.findall(text[:400])) > len(text[:400]) / 12


def clean(text: str) -> str:
    """Letters, digits and Chinese characters only."""
    return _OTHER.sub("", text[:LONGEST])


@lru_cache(maxsize=1)
def _cutter() -> Any:
    import rjieba  # noqa: PLC0415  its dictionary takes a moment; most processes never suggest

    return rjieba


def words_of(text: str) -> list[str]:
    """The words of a text, raw or segmented. What holds a digit is left out: telephones, ID cards, plates, doors."""
    words = [clean(word) for word in text[:LONGEST].split()] if is_segmented(text) else _cutter().cut(clean(text))
    return [word for word in words if word and not _DIGIT.search(word)]


def is_name(word: str) -> bool:
    """Does the dictionary, or its rule for unknown words, take this for a person's name?"""
    return any(tag.startswith("nr") for _part, tag in _cutter().tag(word))


def known_share(text: str, vocabulary: Collection[str]) -> float:
    """How much of a raw text (by characters) is words known from training: about 0.7 for people, under 0.4 for nonsense."""
    words = words_of(text)
    whole = sum(map(len, words))
    return sum(len(word) for word in words if word in vocabulary) / whole if whole else 0.0


def core(text: str, vocabulary: Collection[str]) -> str:
    """The known words run together."""
    return "".join(word for word in words_of(text) if word in vocabulary)


def grams(text: str, *sizes: int) -> Counter[str]:
    """Character n-grams of the core, n = 1, 2, 3 unless told."""
    return Counter(text[at : at + size] for size in sizes or GRAMS for at in range(len(text) - size + 1))
