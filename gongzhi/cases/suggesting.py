"""The category suggested as one types: keyword rows and the site's own model together; it may keep silent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case
from gongzhi.cases.suggest import Candidate, similar, store
from gongzhi.kernel import clock

MOST = 3
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Chip:
    """A suggestion for a form: `value` is a category's code, `hint` says why."""

    value: str
    label: str
    hint: str


def chips(text: str) -> list[Chip]:
    """Up to three categories that the form offers: first what was learned, then what the words name; none when nothing speaks."""
    on_offer = {leaf.code: leaf.label for leaf in catalogue().leaves()}
    reasons = _learned(text, on_offer) | _named(text)
    return [Chip(code, on_offer[code], why) for code, why in reasons.items() if code in on_offer][:MOST]


def _learned(text: str, on_offer: Collection[str]) -> dict[str, str]:
    """What the own closed cases say; else what a sheet said, if its labels are our categories: others mean nothing here."""
    for which in (store.OWN, store.SHEET):
        model = store.current(which)
        guess = model.guess(text) if model else None
        if guess and guess.label in on_offer:
            return {guess.label: _("以前这样的事多归这一类")}
    return {}


def _named(text: str) -> dict[str, str]:
    score: dict[str, float] = {}
    reason: dict[str, str] = {}
    for code, word, weight in catalogue().keywords:
        if word and word in text:
            score[code] = score.get(code, 0) + weight * len(word)
            reason.setdefault(code, _("提到“%(word)s”") % {"word": word})
    return {code: reason[code] for code in sorted(score, key=lambda code: -score[code])}


def alike(text: str, near: list[tuple[Case, float]]) -> list[Case]:
    """Of cases nearby (with metres), those that may be the same matter, best first. Few words: nearness alone decides."""
    if len(text) < 4:
        return [case for case, _metres in near]
    now = clock.now()
    candidates = [
        Candidate(case.pk, case.description, metres, (now - case.registered_at).total_seconds() / DAY, same_category=True)
        for case, metres in near
    ]
    held = {case.pk: case for case, _metres in near}
    return [held[match.id] for match in similar(text, candidates, least=0.3)]
