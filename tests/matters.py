"""Random walks through a room: anybody tries any act with any input, time passes, the tick runs; what must hold is asked after each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gongzhi.community.acting import Act, Ask, fields_of, value_of
from gongzhi.community.actors import Actor
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.flow.tables import Table
from gongzhi.kernel.models.flow import Matter, MatterStep
from tests.cast import IN_GRID, Town

Target = tuple[Any, Iterable[Act], Callable[[Actor], Iterable[Act]]]
"""A matter or a part of one, every act of its kind, and those offered to somebody now."""
PHASES = (Phase.explicit, Phase.generate)  # a walk of rows is too slow to be shrunk
SLOWLY = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, phases=PHASES)
CHANCE = st.randoms(use_true_random=True)
"""Seeded by hypothesis: its own draws lean to the simplest case, in which everything is refused."""
PASSING = (0, 0, 0, 3, 25, 200, 1500, 6000)
"""Minutes between two acts."""
WORDS = ("好", "原因", "请看说明", "  ", "<b>x</b>", "很长" * 40)


@dataclass(frozen=True)
class Walk:
    """One room: who takes part, what there is to act on, the tick, what must hold (raises AssertionError), and how an act is done.

    `ending`: acts that end it, seldom chosen; `idle`: acts that lead nowhere.
    """

    people: Sequence[str]
    targets: Callable[[], list[Target]]
    tick: Callable[[], object]
    check: Callable[[], None]
    do: Callable[[Any, Actor, Act, Random], object] | None = None
    ending: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()

    def many(self, town: Town) -> Counter[str]:
        """Walk again and again; returns how often each act had its effect."""
        done: Counter[str] = Counter()

        @SLOWLY
        @given(chance=CHANCE)
        def walk(chance: Random) -> None:
            done.update(self.once(town, chance))

        walk()
        return done

    def once(self, town: Town, chance: Random, steps: int = 50) -> list[str]:
        """Take some steps inside a transaction that is rolled back; stop when nobody is offered anything worth doing."""
        done: list[str] = []
        with transaction.atomic():
            now, actors, idle = clock.now(), [town.actor(name) for name in self.people], 0
            for _ in range(steps):
                now += dt.timedelta(minutes=chance.choice(PASSING), seconds=1)
                with clock.at(now):
                    by, target, act = self._choice(actors, chance, done)
                    idle = idle + 1 if act.name in self.idle or act.name in done[-3:] else 0
                    done.append(act.name if self._try(target, by, act, chance) else "")
                    self.tick()
                    self.check()
                if idle > 5:
                    break
            transaction.set_rollback(True)
        return [name for name in done if name]

    def _choice(self, actors: list[Actor], chance: Random, done: list[str]) -> tuple[Actor, Any, Act]:
        """Mostly what somebody is offered, what was seldom done first; else anything by anybody."""
        chance.shuffle(actors)
        targets = self.targets()
        if chance.random() < 0.85:
            for by in actors:
                choices = [(target, act) for target, _every, offered in targets for act in offered(by)]
                if choices:
                    weights = [self._weight(act) / (1 + done.count(act.name)) for _target, act in choices]
                    return by, *chance.choices(choices, weights)[0]
        target, every, _offered = chance.choice(targets)
        return actors[0], target, chance.choice(list(every))

    def _weight(self, act: Act) -> float:
        return 0.02 if act.is_danger or act.name in self.ending or act.name in self.idle else 1

    def _try(self, target: Any, by: Actor, act: Act, chance: Random) -> bool:
        try:
            with transaction.atomic():
                (self.do or do)(target, by, act, chance)
        except DomainError:
            return False
        return True


def do(target: Any, by: Actor, act: Act, chance: Random) -> None:
    """The act with some input, as the form of `AskForm` would have cleaned it."""
    act.run(target, by, {ask.name: made_up(ask, target, by, chance) for ask in act.asks})


def made_up(ask: Ask, matter: Any, by: Actor, chance: Random) -> Any:
    """Some input of the asked kind, as a form would have cleaned it."""
    if ask.kind in ("body", "bodies", "choice", "choices", "stars"):
        options = [key for key, _label in fields_of(ask, matter, by)[ask.name].choices if key != ""]  # type: ignore[attr-defined]
        if not options:
            raise DomainError("nothing to choose", field=ask.name)
        many = ask.kind in ("bodies", "choices")
        picked = chance.sample(options, min(len(options), chance.randint(1, 3))) if many else chance.choice(options)
        return value_of(ask, {ask.name: picked})
    plain: dict[str, Callable[[], Any]] = {
        "number": lambda: chance.randint(0, 400),
        "date": lambda: clock.today() + dt.timedelta(days=chance.randint(-2, 40)),
        "moment": lambda: clock.now() + dt.timedelta(minutes=chance.choice([-5, 20, 300, 3000])),
        "yes": lambda: chance.random() < 0.5,
        "photos": lambda: (),
        "point": lambda: chance.choice([IN_GRID, (103.4, 25.4)]),
    }
    return plain[ask.kind]() if ask.kind in plain else chance.choice(WORDS)


def steps_follow(table: Table, matter: Matter, steps: Iterable[MatterStep], *, first: Iterable[str]) -> None:
    """Each step follows from the one before by a row of the table, and the last one is where the matter stands."""
    before = None
    seen = list(steps)
    for number, step in enumerate(seen, 1):
        assert step.seq == number
        if before is None:
            assert step.verb in first
        else:
            move = table.moves[step.verb]
            assert step.from_state == before
            assert step.from_state in move.sources
            assert step.to_state == (move.target or before)
            assert not move.needs_reason or (step.reason or step.note).strip()
        before = step.to_state
    assert before == matter.state
    assert matter.version == len(seen)
    assert matter.is_open == (matter.state in table.open)
    assert (matter.closed_at is None) == matter.is_open
