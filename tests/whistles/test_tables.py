"""The three tables hold together, and no sequence of acts leads outside them."""

from __future__ import annotations

from functools import partial

import pytest

from gongzhi.cases import actions as cases
from gongzhi.kernel.flow.tables import Table
from gongzhi.whistles import acts
from gongzhi.whistles.models import Deadline, Duty, Rating, Summons, Whistle
from gongzhi.whistles.tasks import ring_whistles
from gongzhi.whistles.workflow import COMINGS, RUNNING, TASKS, WHISTLES, State
from gongzhi.whistles.workflow import Duty as Part
from tests.cast import Town
from tests.matters import Target, Walk, steps_follow
from tests.whistles.test_flow import blown

PEOPLE = (
    "dispatcher", "handler", "handler_2", "water_handler", "adjudicator", "leader", "approver", "secretary", "supervisor", "neighbour",
)  # fmt: skip


@pytest.mark.parametrize("table", [WHISTLES, COMINGS, TASKS])
def test_no_open_state_is_a_dead_end(table: Table) -> None:
    reached = {move.target for move in table.moves.values() if move.target} | {next(iter(table.states)).value}
    left = {state for move in table.moves.values() for state in move.sources if move.target and move.target != state}
    assert reached == set(table.states.values)
    assert left >= table.open
    assert not left & table.ended


def test_every_move_of_a_person_has_an_act() -> None:
    for table, known in ((COMINGS, acts.COMING_ACTS), (TASKS, acts.TASK_ACTS)):
        assert {move.name for move in table.moves.values() if move.duties != {Part.SYSTEM}} == set(known)
    whole = {move.name for move in WHISTLES.moves.values() if move.duties != {Part.SYSTEM}}
    assert whole == {*acts.ACTS, *acts.COMING_ACTS, *acts.TASK_ACTS}


@pytest.mark.django_db
def test_no_walk_leaves_the_tables(town: Town) -> None:
    whistle = blown(town, "roads", "water")
    walk = Walk(PEOPLE, lambda: targets(whistle.pk, town), ring_whistles, lambda: holds(whistle.pk))
    done = walk.many(town)
    assert len(done) >= 15, f"the walks are too short to say anything: {done}"


def targets(pk: int, town: Town) -> list[Target]:
    whistle = Whistle.objects.select_related("case", "caller").get(pk=pk)
    if whistle.version > 16 and whistle.case.state == "in_hand":  # the matter ends some day, or the whistle never could
        cases.report_done(case=whistle.case, by=town.actor("handler"), outcome="solved", note="办好了")
    summons = Summons.objects.filter(whistle=pk).select_related("whistle__case", "whistle__caller")
    duties = Duty.objects.filter(whistle=pk).select_related("whistle__case", "whistle__caller")
    return [
        (whistle, acts.ACTS.values(), partial(acts.acts_on, whistle)),
        *((row, acts.COMING_ACTS.values(), partial(acts.acts_on_coming, row, row.whistle)) for row in summons),
        *((row, acts.TASK_ACTS.values(), partial(acts.acts_on_duty, row, row.whistle)) for row in duties),
    ]


def holds(pk: int) -> None:
    whistle = Whistle.objects.get(pk=pk)
    steps_follow(WHISTLES, whistle, whistle.steps.all(), first=("blow", "ask"))
    summons, duties = list(whistle.summons.all()), list(whistle.duties.all())
    timed = [*Deadline.objects.filter(whistle=pk), *duties]
    owed = [row for row in timed if row.clock_from and not row.done_at]
    if whistle.state not in {*RUNNING, State.ASKED}:
        assert not owed
        assert not [row for row in timed if row.next_alarm]
        assert all(one.state in COMINGS.ended for one in summons)
        assert all(one.state in TASKS.ended for one in duties)
    takes_part = {one.body_id for one in summons if one.state not in ("released", "replaced")} | {whistle.caller_id}
    assert all(one.body_id in takes_part for one in duties if one.state in TASKS.open), "a duty without an owner"
    assert all(one.state in COMINGS.states.values for one in summons)
    disputed = {one.pk for one in summons if one.state == "disputed"}
    assert disputed == {one.summons_id for one in Deadline.objects.filter(whistle=pk, kind="ruling", done_at=None) if one.clock_from}
    assert whistle.state == State.ENDED or not Rating.objects.filter(whistle=pk).exists(), "a rating without an end"
