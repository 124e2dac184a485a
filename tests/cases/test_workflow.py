"""Every row of the transition table, allowed and denied: the one door `perform` opens for it and for nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gongzhi.cases.actions.moves import Saying, perform
from gongzhi.cases.acts import ACTS
from gongzhi.cases.models import Case, Helper, Step
from gongzhi.cases.workflow import CLOCKS_REST, ENDED, MOVES, OPEN, REQUESTS, ROLE_DUTIES, Duty, Move, State, moves_from
from gongzhi.community.actors import SYSTEM, Actor
from gongzhi.kernel import clock
from gongzhi.kernel.errors import Conflict, DomainError, NotAllowed
from tests.cast import Town

HOLDER = {
    Duty.INTAKE: "clerk", Duty.DISPATCH: "dispatcher", Duty.HANDLE: "handler", Duty.CO_HANDLE: "handler_2", Duty.FIND: "grid_worker",
    Duty.CHECK: "checker", Duty.RULE: "adjudicator", Duty.APPROVE: "approver", Duty.REPORTER: "resident",
}  # fmt: skip
ALLOWED = [(move, state, duty) for move in MOVES.values() for state in sorted(move.sources) for duty in sorted(move.duties)]
ALSO = {Duty.DISPATCH: {Duty.INTAKE}}
"""Duties that come together with another: a dispatcher may do what the intake does."""


def standing(town: Town, state: str) -> Case:
    """A case put straight into a state: only here, to try single rows of the table."""
    case = town.case()
    now = clock.now()
    columns: dict[str, Any] = {"state": state, "is_open": state in OPEN, "body_id": town.bodies["lighting"].pk}
    columns["closed_at"] = None if state in OPEN else now
    columns["next_due"] = case.next_due if state in OPEN else None
    if state in (State.SUSPENDED, State.LONG_TERM):
        columns |= {"paused_at": now, "look_again_on": clock.today() + dt.timedelta(days=5)}
    Case.objects.filter(pk=case.pk).update(**columns)
    return town.fresh(case)


def holder(town: Town, case: Case, duty: Duty) -> Actor:
    """Someone with this duty (and, for the others of the cast, as few others as possible)."""
    if duty == Duty.SYSTEM:
        return SYSTEM
    if duty == Duty.CO_HANDLE:
        Helper.objects.get_or_create(case=case, body=town.bodies["roads"], left_at=None, defaults={"added_at": clock.now()})
    return town.actor(HOLDER[duty])


def names(values: Any) -> str:
    return values.name if isinstance(values, Move) else str(values)


@pytest.mark.parametrize(("move", "state", "duty"), ALLOWED, ids=names)
def test_allowed(town: Town, move: Move, state: State, duty: Duty) -> None:
    case = standing(town, state)
    before = case.version
    step = perform(case, move.name, by=holder(town, case, duty), say=Saying(reason="原因", note="说明"))
    fresh = town.fresh(case)
    assert fresh.state == (move.target or state)
    assert fresh.version == before + 1
    assert fresh.is_open == (fresh.state in OPEN)
    assert (step.from_state, step.to_state, step.seq) == (state, fresh.state, fresh.version)
    assert fresh.state not in ENDED or fresh.look_again_on or fresh.next_due is None
    for name in move.stops:
        assert getattr(fresh, {"accept": "accepted_at", "respond": "responded_at", "resolve": "resolved_at"}[name]) is not None


@pytest.mark.parametrize("move", MOVES.values(), ids=names)
def test_denied_from_every_other_state(town: Town, move: Move) -> None:
    for state in State:
        if state in move.sources:
            continue
        case = standing(town, state)
        with pytest.raises(Conflict):
            perform(case, move.name, by=holder(town, case, sorted(move.duties)[0]), say=Saying(reason="原因"))
        assert town.fresh(case).state == state
        assert Step.objects.filter(case=case).count() == 1


@pytest.mark.parametrize("move", MOVES.values(), ids=names)
def test_denied_without_the_duty(town: Town, move: Move) -> None:
    case = standing(town, sorted(move.sources)[0])
    for duty in HOLDER:
        if not ({duty} | ALSO.get(duty, set())) & move.duties:
            with pytest.raises(NotAllowed):
                perform(case, move.name, by=holder(town, case, duty), say=Saying(reason="原因"))
    with pytest.raises(NotAllowed):
        perform(case, move.name, by=town.actor("neighbour"), say=Saying(reason="原因"))
    assert town.fresh(case).version == case.version


@pytest.mark.parametrize("move", [move for move in MOVES.values() if move.needs_reason], ids=names)
def test_a_reason_is_demanded(town: Town, move: Move) -> None:
    case = standing(town, sorted(move.sources)[0])
    with pytest.raises(DomainError) as refused:
        perform(case, move.name, by=holder(town, case, sorted(move.duties)[0]), say=Saying(reason="  "))
    assert refused.value.field == "reason"


def test_the_table_holds_together() -> None:
    reached = {State.REGISTERED} | {move.target for move in MOVES.values() if move.target}
    assert reached == set(State), "every state can be reached"
    left = {state for move in MOVES.values() for state in move.sources if move.target and move.target != state}
    assert left >= OPEN, "no open state is a dead end"
    assert CLOCKS_REST >= ENDED
    assert set(REQUESTS) <= MOVES.keys()
    assert set(REQUESTS.values()) <= MOVES.keys()
    duties = {duty for move in MOVES.values() for duty in move.duties} - {Duty.REPORTER, Duty.SYSTEM, Duty.CO_HANDLE}
    assert duties <= set().union(*ROLE_DUTIES.values()), "every duty is somebody's"


def test_every_move_a_person_can_make_has_an_act() -> None:
    granted = set(REQUESTS)
    by_people = {move.name for move in MOVES.values() if move.duties - {Duty.SYSTEM}} - granted - {"look_again"}
    assert by_people <= {act.move for act in ACTS.values()} | {"grant"}
    assert {act.move for act in ACTS.values() if act.move} <= MOVES.keys()


def test_moves_offered_are_those_allowed() -> None:
    for state in State:
        for duty in Duty:
            offered = {move.name for move in moves_from(state, {duty})}
            assert offered == {move.name for move in MOVES.values() if state in move.sources and duty in move.duties}
