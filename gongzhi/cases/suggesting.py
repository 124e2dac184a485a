"""The category suggested as one types: keyword rows and the site's own model together; it may keep silent."""

from __future__ import annotations

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
    """Up to three categories: first what the site's closed cases taught, then what the words name; none when nothing speaks."""
    reasons = _learned(text) | _named(text)
    known = catalogue().by_code
    return [Chip(code, known[code].label, why) for code, why in reasons.items() if code in known and known[code].is_active][:MOST]


def _learned(text: str) -> dict[str, str]:
    model = store.current()
    guess = model.guess(text) if model else None
    return {guess.label: _("以前这样的事多归这一类")} if guess else {}


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
