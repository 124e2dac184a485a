"""Moves between states as rows of one table. Pure: no query, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Move:
    """One row: `name` leads from any of `sources` to `target` (None: the state stays) by any of `duties`.

    `is_public`: its step is told to those it is done for. `stops`: names of clocks it stops.
    """

    name: str
    label: Text
    sources: frozenset[str]
    target: str | None
    duties: frozenset[str]
    needs_reason: bool = False
    is_public: bool = True
    stops: frozenset[str] = frozenset()

    def allows(self, state: str, duties: Iterable[str]) -> bool:
        """May this move be made from `state` by someone with these duties?"""
        return state in self.sources and not self.duties.isdisjoint(duties)


def row(name: str, label: Text, sources: Iterable[str], target: str | None, *duties: str, **more: Any) -> Move:
    """A move as a room writes it down."""
    return Move(name, label, frozenset(sources), target, frozenset(duties), **more)


class Table:
    """All moves of one kind of matter. `what` names it in refusals; in `ended` states nothing is owed and no clock runs."""

    def __init__(self, what: Text, states: type[TextChoices], rows: Iterable[Move], *, ended: Iterable[str]) -> None:
        self.what, self.states = what, states
        self.moves: Final[dict[str, Move]] = {one.name: one for one in rows}
        self.ended: Final = frozenset(ended)
        self.open: Final = frozenset(states.values) - self.ended

    def moves_from(self, state: str, duties: Iterable[str]) -> list[Move]:
        """What may be done now by someone with these duties, in the order of the table."""
        held = frozenset(duties)
        return [one for one in self.moves.values() if one.allows(state, held)]


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said with a move: `reason` stays inside, `note` is read by those it is done for, `photos` are attachment tokens."""

    reason: str = ""
    note: str = ""
    photos: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
