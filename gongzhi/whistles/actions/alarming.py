"""What the tick does: warn who owes, and climb the ladder while nobody comes."""

from __future__ import annotations

from gongzhi.community.actors import SYSTEM
from gongzhi.community.models import Post
from gongzhi.kernel import clock
from gongzhi.kernel.flow.alarms import LATE, Alarm
from gongzhi.kernel.flow.tables import Saying
from gongzhi.whistles.actions.moves import move, people_of, tell
from gongzhi.whistles.models import Deadline, Duty, Whistle

LADDER = (("street", ("dispatcher", "approver")), ("district", ("dispatcher", "supervisor")), ("district", ("supervisor", "leader")))
"""Who hears of it, the longer it is late."""


def ring_deadline(row: Deadline, alarms: list[Alarm]) -> None:
    """An answer, an arrival, a ruling or a decision is due or late."""
    _ring(row.whistle, row.kind, row.summons.body_id if row.summons else None, alarms)


def ring_duty(row: Duty, alarms: list[Alarm]) -> None:
    """A task of the diagnosis is due or late."""
    _ring(row.whistle, "duty", row.body_id, alarms)


def _ring(whistle: Whistle, kind: str, body_id: int | None, alarms: list[Alarm]) -> None:
    late = [one for one in alarms if one.kind == LATE]
    owing = people_of([body_id] if body_id else [])
    if not late:
        step = move(whistle, "warn", by=SYSTEM, say=Saying(data={"kind": kind}), about=body_id)
        tell(whistle, step, "whistle.soon", owing)
        return
    rung = min(max(one.climb for one in late), len(LADDER) - 1)
    step = move(whistle, "climb", by=SYSTEM, say=Saying(data={"kind": kind, "rung": rung}), about=body_id)
    tell(whistle, step, "whistle.late", owing | _at_rung(whistle, rung))


def _at_rung(whistle: Whistle, rung: int) -> set[int]:
    level, roles = LADDER[rung]
    place_id = (whistle.case.street_id if level == "street" else whistle.case.district_id) or 0
    return set(Post.objects.filter(place_id=place_id, role__in=roles).held_on(clock.today()).values_list("user_id", flat=True))
