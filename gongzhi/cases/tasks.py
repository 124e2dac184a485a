"""Background work of cases: the tick of the clocks, the figures."""

from __future__ import annotations

from gongzhi.cases.actions.alarming import BATCH, ring_due
from gongzhi.cases.actions.figures import fold_figures, keep_standings
from gongzhi.kernel.tasks import periodic


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
