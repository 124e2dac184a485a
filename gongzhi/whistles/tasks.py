"""Background work of whistles: the tick of their clocks."""

from __future__ import annotations

from gongzhi.kernel.flow.clocks import BATCH, ring_due
from gongzhi.kernel.tasks import periodic
from gongzhi.whistles.actions import ring_deadline, ring_duty
from gongzhi.whistles.models import Deadline, Duty


@periodic(seconds=20)
def ring_whistles() -> None:
    """Answers, arrivals, rulings, decisions and duties that are due or late."""
    while ring_due(Deadline, ring_deadline) == BATCH:
        pass
    while ring_due(Duty, ring_duty) == BATCH:
        pass
