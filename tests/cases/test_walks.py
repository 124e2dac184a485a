"""Anybody does anything to a case in any order, through the real forms, while time passes: it never leaves its table or loses a clock."""

from __future__ import annotations

import datetime as dt
from functools import partial
from random import Random
from typing import Any

import pytest

from gongzhi.cases import queries
from gongzhi.cases.actions.alarming import ring
from gongzhi.cases.actions.figures import fold_figures, recount
from gongzhi.cases.acts import ACTS
from gongzhi.cases.forms import ActForm
from gongzhi.cases.models import Case, Helper, OpenFigure, Request
from gongzhi.cases.rules import duties
from gongzhi.cases.views.desk_case import acts_for
from gongzhi.cases.workflow import CLOCKS_REST, ENDED, MOVES, OPEN, State, moves_from
from gongzhi.community.acting import Act
from gongzhi.community.actors import Actor
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError
from tests.cast import Town
from tests.matters import WORDS, Target, Walk

pytestmark = pytest.mark.django_db
PEOPLE = (
    "resident", "grid_worker", "clerk", "dispatcher", "handler", "handler_2", "water_handler", "checker", "approver", "adjudicator",
    "secretary", "supervisor", "other_dispatcher",
)  # fmt: skip


def test_no_walk_leaves_the_table(town: Town) -> None:
    case, other = town.case(), town.case()
    ending = frozenset(act.name for act in ACTS.values() if act.move and MOVES[act.move].target in ENDED)
    walk = Walk(
        PEOPLE, lambda: targets(case.pk), lambda: tick(case.pk), lambda: holds(case.pk), partial(send, other=other.code),
        ending=ending - {"close", "rate"}, idle=frozenset({"publish_words", "link_repeat", "correct"}),
    )  # fmt: skip
    done = walk.many(town)
    assert len(done) >= 23, f"the walks are too short to say anything: {done}"


def targets(pk: int) -> list[Target]:
    case = Case.objects.get(pk=pk)
    asked = queries.open_request(case) if case.state in OPEN else None
    return [(case, ACTS.values(), lambda by: offered(by, case, asked))]


def offered(by: Actor, case: Case, asked: Request | None) -> list[Act]:
    held = duties(by, case)
    own = {move.name for move in moves_from(case.state, held)}
    return [*acts_for(by, case, asked), *(ACTS[name] for name in ("rate", "ask_back", "reopen") if ACTS[name].move in own or name in own)]


def send(case: Case, by: Actor, act: Act, chance: Random, *, other: str) -> None:
    """The act through its form, filled with what a person could type or choose."""
    form = ActForm(act, case, by)
    sent: dict[str, Any] = {"version": case.version}
    for name, field in form.fields.items():
        if name != "version":
            sent[name] = filling(name, field, chance, other)
    form = ActForm(act, case, by, {key: value for key, value in sent.items() if value is not None})
    if not form.is_valid():
        raise DomainError(str(form.errors))
    act.run(case, by, form.values())


def filling(name: str, field: Any, chance: Random, other: str) -> Any:
    """What one types or chooses; None: the field is not sent at all."""
    choices = [key for key, _label in getattr(field, "choices", ()) if key != ""]
    if choices:
        return chance.choice(choices) if field.required or chance.random() < 0.7 else ""
    if name in ("until", "look_again_on"):
        return _day(chance) if field.required or chance.random() < 0.4 else ""
    if name in ("lat", "lng"):
        return {"lat": 25.05, "lng": 103.15}[name]
    known = {"photos": None, "into": other, "is_public": chance.choice([None, "on"])}
    return known[name] if name in known else chance.choice(WORDS)


def _day(chance: Random) -> str:
    return (clock.today() + dt.timedelta(days=chance.choice([-1, 1, 5, 20, 60, 400]))).isoformat()


def tick(pk: int) -> None:
    """What the worker does: every alarm that is due, and the figures."""
    for _round in range(9):
        ring(case_id=pk)
    while fold_figures():
        pass


def holds(pk: int) -> None:
    case = Case.objects.get(pk=pk)
    before = ""
    for number, step in enumerate(case.steps.order_by("seq"), 1):
        assert step.seq == number
        assert step.from_state == before
        if before:
            move = MOVES[step.verb]
            assert before in move.sources
            assert step.to_state == (move.target or before)
            assert not move.needs_reason or (step.reason or step.note).strip()
        before = step.to_state
    assert (case.state, case.version) == (before, number)
    assert case.is_open == (case.state in OPEN)
    assert (case.closed_at is None) == case.is_open
    assert case.next_due is None or case.next_due > clock.now(), "every alarm that came due has rung"
    if case.state in ENDED:
        assert case.next_due is None or case.look_again_on, "a clock runs in a closed case"
    elif case.state not in CLOCKS_REST:
        assert case.resolve_due, "an open case without a promise"
        assert case.body_id or case.state not in (State.DISPATCHED, State.IN_HAND, State.REPORTED), "work without an owner"
    asked = Request.objects.filter(case=case, decided_at=None).count()
    assert asked <= (1 if case.is_open else 0), "a request that nobody can decide"
    helping = list(Helper.objects.filter(case=case, left_at=None).values_list("body_id", flat=True))
    assert len(helping) == len(set(helping))
    assert dict(OpenFigure.objects.exclude(count=0).values_list("key", "count")) == recount()
