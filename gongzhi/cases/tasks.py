"""Background work of cases: the tick of the clocks, the figures."""

from __future__ import annotations

import logging

from gongzhi.cases.actions.alarming import BATCH, ring_due
from gongzhi.cases.actions.figures import fold_figures, keep_standings
from gongzhi.cases.actions.holidays import follow_calendar
from gongzhi.cases.suggest import own
from gongzhi.kernel.tasks import job, periodic

logger = logging.getLogger(__name__)


@periodic(seconds=20)
def ring_clocks() -> None:
    """Warnings, escalations and wake-ups that have come due."""
    while ring_due() == BATCH:
        pass


@periodic(seconds=3)
def fold() -> None:
    """Keep the figures within seconds of the cases."""
    while fold_figures() >= 2000:
        pass


@periodic(seconds=300)
def keep_days() -> None:
    """Once a day begins, how many stood open and late."""
    keep_standings()


@job(retries=5)
def move_promises() -> None:
    """After a holiday notice: promised times follow the calendar."""
    logger.info("calendar: %d promised times moved", follow_calendar())


@job(retries=0)
def learn_categories() -> None:
    """Learn the suggestion from the closed cases anew: minutes, so a job beside the tick."""
    if not own.is_due():
        return
    lesson = own.learn(say=logger.info)
    report = lesson.report
    figures = f"macro_f1={report.macro_f1:.4f} coverage={report.coverage:.4f}" if report else "not judged"
    logger.log(logging.INFO if lesson.is_taken else logging.WARNING, "category suggestion: %s %s", figures, lesson.why)


@periodic(seconds=1800)
def learn_at_night() -> None:
    """Once a night at most, when enough cases have been closed since."""
    if own.is_night() and own.is_due():
        learn_categories.enqueue()
