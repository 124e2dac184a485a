"""Who gets a case: the first rule whose conditions all hold (facts.md: things by owner first, events by place first). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Rule(Protocol):
    """The columns of a routing rule that the choice reads."""

    category_id: int | None
    category_kind: str
    place_id: int | None
    place_kind: str
    owner_kind: str
    hours: str


R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a rule is held against: the category line, its kind, the place line, community kind, owner's kind, hours."""

    category_ids: frozenset[int]
    category_kind: str
    place_ids: frozenset[int]
    place_kind: str
    owner_kind: str
    in_working_hours: bool


def holds(rule: Rule, matter: Matter) -> bool:
    """Do all conditions of a rule hold? A blank condition holds always."""
    return all(
        (
            rule.category_id is None or rule.category_id in matter.category_ids,
            not rule.category_kind or rule.category_kind == matter.category_kind,
            rule.place_id is None or rule.place_id in matter.place_ids,
            not rule.place_kind or rule.place_kind == matter.place_kind,
            not rule.owner_kind or rule.owner_kind == matter.owner_kind,
            not rule.hours or (rule.hours == "working") == matter.in_working_hours,
        )
    )


def matching(rules: Iterable[R], matter: Matter) -> Iterable[R]:
    """The rules that hold, in the order given."""
    return (rule for rule in rules if holds(rule, matter))
