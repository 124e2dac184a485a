"""A life written in bulk leaves the rows that acting leaves, column by column."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gongzhi.cases import actions
from gongzhi.cases.actions.alarming import ring
from gongzhi.cases.actions.bulk import Act, Life, write_lives
from gongzhi.cases.actions.figures import fold_figures, recount
from gongzhi.cases.actions.intake import Contact
from gongzhi.cases.actions.moves import Saying
from gongzhi.cases.models import Case, DayFigure, OpenFigure, Reporter, Step
from gongzhi.cases.workflow import Duty
from gongzhi.kernel import audit, clock
from gongzhi.kernel.models import AuditEntry
from tests.cast import Town

START = dt.datetime(2026, 3, 2, 1, 30, 5, 123456, tzinfo=dt.UTC)
OWN = {"id", "code", "search_text", "case_id", "object_id", "object_code", "digest", "claim_index"}
"""Columns that differ between any two cases."""
DONE = "已换好灯泡"


@pytest.fixture
def since_long(town: Town) -> Town:
    """The people of the town hold their posts since before the lives below."""
    for user in town.users.values():
        user.posts.update(starts_on="2026-01-01")
    return town


def after(**more: float) -> dt.datetime:
    return START + dt.timedelta(**more)


def act_out(town: Town, until: dt.datetime, **report: Any) -> Case:
    """The life by the real acts, with a tick at every alarm."""
    plan = [
        (after(hours=1), lambda case: actions.accept(case=case, by=town.actor("dispatcher"))),
        (after(hours=2), lambda case: actions.dispatch(case=case, by=town.actor("dispatcher"))),
        (after(hours=3), lambda case: actions.take(case=case, by=town.actor("handler"))),
        (after(days=9), lambda case: actions.report_done(case=case, by=town.actor("handler"), outcome="solved", note=DONE)),
        (after(days=10), lambda case: actions.pass_check(case=case, by=town.actor("checker"))),
        (after(days=10, hours=1), lambda case: actions.close_case(case=case, by=town.actor("checker"))),
    ]
    with clock.at(START):
        case = actions.open_case(report=town.report(**report), by=town.actor("resident")).case
    for at, act in plan:
        tick(case, min(at, until))
        if at <= until:
            with clock.at(at):
                act(town.fresh(case))
    tick(case, until)
    return town.fresh(case)


def tick(case: Case, until: dt.datetime) -> None:
    while (due := Case.objects.get(pk=case.pk).next_due) is not None and due < until:
        with clock.at(due):
            ring(case_id=case.pk)


def in_bulk(town: Town, until: dt.datetime, **report: Any) -> Life:
    """The same life as planned moves."""
    dispatcher, handler, checker = (town.actor(name) for name in ("dispatcher", "handler", "checker"))
    lighting = town.bodies["lighting"].pk
    rule = next(rule for rule in town.categories["lamp"].routingrule_set.all())
    sent = {"body": lighting, "from_body": None, "rule": rule.pk, "version": rule.version}
    acts = [
        Act("accept", after(hours=1), dispatcher, Duty.INTAKE, dispatcher.held[0]),
        Act("dispatch", after(hours=2), dispatcher, Duty.DISPATCH, dispatcher.held[0], Saying(data=sent),
            {"body_id": lighting, "rule_id": rule.pk, "sent_because": rule.why}),
        Act("take", after(hours=3), handler, Duty.HANDLE, handler.held[0]),
        Act("report_done", after(days=9), handler, Duty.HANDLE, handler.held[0],
            Saying(note=DONE, data={"outcome": "solved", "look_again_on": None}), {"outcome": "solved", "look_again_on": None}),
        Act("pass_check", after(days=10), checker, Duty.CHECK, checker.held[0]),
        Act("close", after(days=10, hours=1), checker, Duty.CHECK, checker.held[0], Saying(data={"outcome": "solved"})),
    ]  # fmt: skip
    return Life(town.report(**report), town.actor("resident"), START, [act for act in acts if act.at <= until], rings_until=until)


def stripped(rows: Any) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in OWN} for row in rows]


def rows_of(case: Case) -> dict[str, list[dict[str, Any]]]:
    return {
        "case": stripped(Case.objects.filter(pk=case.pk).values()),
        "steps": stripped(Step.objects.filter(case=case).order_by("seq").values()),
        "audit": stripped(AuditEntry.objects.about("cases.case", case.pk).values()),
        "reporters": stripped(Reporter.objects.filter(case=case).values()),
    }


@pytest.mark.parametrize("until", [after(minutes=30), after(hours=1, minutes=1), after(days=6), after(days=9, hours=1), after(days=40)])
@pytest.mark.parametrize("report", [{}, {"is_anonymous": True}, {"contact": Contact("张三", "13800000000"), "point": (110.0, 30.0)}])
def test_bulk_rows_equal_acted_ones(since_long: Town, until: dt.datetime, report: dict[str, Any]) -> None:
    located = "point" not in report
    until = until if located else min(until, after(minutes=30))
    acted = act_out(since_long, until, **report)
    (built,) = write_lives([in_bulk(since_long, until, **report)])
    assert rows_of(since_long.fresh(built)) == rows_of(acted)


def test_every_bulk_audit_row_is_intact_and_search_finds_the_case(since_long: Town) -> None:
    cases = write_lives([in_bulk(since_long, after(days=40)) for _number in range(3)])
    entries = AuditEntry.objects.filter(object_type="cases.case")
    assert {entry.object_id for entry in entries} == {case.pk for case in cases}
    assert all(audit.is_intact(entry) for entry in entries)


def test_ids_go_on_after_a_batch(since_long: Town) -> None:
    built = write_lives([in_bulk(since_long, after(days=40)) for _number in range(3)])
    acted = since_long.case()
    again = write_lives([in_bulk(since_long, after(days=1))])
    assert [*[case.pk for case in built], acted.pk, again[0].pk] == sorted({*[case.pk for case in built], acted.pk, again[0].pk})


def test_folding_at_once_equals_the_tick(since_long: Town) -> None:
    lives = [in_bulk(since_long, after(days=days)) for days in (1, 9, 40)]
    write_lives(lives, fold=True)
    at_once = {model: dict(model.objects.values_list("key", "count")) for model in (OpenFigure, DayFigure)}
    assert at_once[OpenFigure] == recount()
    assert fold_figures() == 0
    write_lives(lives)
    fold_figures()
    for model, counts in at_once.items():
        assert dict(model.objects.values_list("key", "count")) == {key: 2 * count for key, count in counts.items()}


@pytest.mark.parametrize(
    ("acts", "words"),
    [
        ([Act("close", after(hours=1), duty=Duty.CHECK)], "not in the table"),
        ([Act("accept", after(hours=1), duty=Duty.HANDLE)], "not in the table"),
        ([Act("answer", after(hours=1), duty=Duty.INTAKE)], "needs a reason"),
        ([Act("accept", after(hours=-1), duty=Duty.INTAKE)], "before"),
    ],
)
def test_what_the_table_does_not_allow_is_not_written(since_long: Town, acts: list[Act], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        write_lives([Life(since_long.report(), since_long.actor("resident"), START, acts)])
    assert not Case.objects.exists()
