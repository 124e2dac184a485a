"""The category suggested as one types: keyword rows and the trained model, behind one small interface; it may abstain."""

from __future__ import annotations

from dataclasses import dataclass

from gongzhi.cases.catalogue import catalogue

MOST = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """A suggestion for a form: `value` is a category's code, `hint` says why."""

    value: str
    label: str
    hint: str


def chips(text: str) -> list[Chip]:
    """Up to three categories whose words stand in the text, the strongest first; none when nothing speaks for any."""
    score: dict[str, float] = {}
    reason: dict[str, str] = {}
    for code, word, weight in catalogue().keywords:
        if word and word in text:
            score[code] = score.get(code, 0) + weight * len(word)
            reason.setdefault(code, word)
    best = sorted(score, key=lambda code: -score[code])[:MOST]
    known = catalogue().by_code
    return [Chip(code, known[code].label, f"“{reason[code]}”") for code in best if code in known and known[code].is_active]
