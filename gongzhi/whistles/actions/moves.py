"""The one way a whistle and its parts change: the tables, a step, notices, an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.cases.models import Cap
from gongzhi.community.actors import Actor
from gongzhi.community.models import Post
from gongzhi.kernel import clock, events, notices
from gongzhi.kernel.errors import Conflict, NotAllowed
from gongzhi.kernel.flow import clocks
from gongzhi.kernel.flow.door import Held, make_move
from gongzhi.kernel.flow.tables import Saying, Table
from gongzhi.kernel.models.flow import Timed
from gongzhi.whistles import rules
from gongzhi.whistles.events import WhistleMoved
from gongzhi.whistles.models import Deadline, Summons, Whistle, WhistleStep
from gongzhi.whistles.models import Duty as DutyRow
from gongzhi.whistles.workflow import WHISTLES, Duty

DEFAULTS = {"whistle_answer_minutes": 30, "whistle_ruling_hours": 24, "whistle_decision_days": 7, "whistle_far_m": 500}
"""Used where a town has no row of `Cap` by this name."""


def cap(name: str) -> int:
    """A limit of this town."""
    return Cap.objects.filter(code=name).values_list("value", flat=True).first() or DEFAULTS[name]


def move(
    whistle: Whistle,
    name: str,
    *,
    by: Actor,
    held: Held | None = None,
    say: Saying | None = None,
    changes: Mapping[str, Any] | None = None,
    about: int | None = None,
) -> WhistleStep:
    """One move of the whistle with its step; `about`: the body it concerns; `held`: what the actor is here, if narrower than usual."""
    held = rules.duties(by, whistle) if held is None else held
    step = make_move(whistle, WHISTLES, name, WhistleStep(of=whistle, about_id=about), by=by, held=held, say=say, changes=changes)
    rules.forget(whistle)
    events.publish(WhistleMoved(whistle.pk, name, by.user_id, step.at))
    return step


def part_move(part: Summons | DutyRow, table: Table, name: str, held: Held, **columns: Any) -> None:
    """One move of a department or a duty: conditional on the state read, so that of two people one wins."""
    row = table.moves[name]
    if row.duties.isdisjoint(held):
        raise NotAllowed(_("“%(act)s”不归您办理。如需办理，请联系负责的单位。") % {"act": row.label})
    words = {"what": table.what, "state": table.states(part.state).label, "act": row.label}
    if part.state not in row.sources:
        raise Conflict(_("%(what)s现在是“%(state)s”，不能再“%(act)s”。请刷新看看最新情况。") % words)
    columns["state"] = row.target or part.state
    if not type(part)._default_manager.filter(pk=part.pk, state=part.state).update(**columns):
        raise Conflict()
    for column, value in columns.items():
        setattr(part, column, value)


def speaking_for(by: Actor, whistle: Whistle, body_id: int) -> Held:
    """What the actor is to the whistle, as far as this one department goes."""
    held = {duty: body for duty, body in rules.duties(by, whistle).items() if duty != Duty.CALLED}
    if any(post.body_id == body_id and post.role in rules.SPEAKS for post in by.held):
        held[Duty.CALLED] = body_id
    return held


def owe(whistle: Whistle, kind: Deadline.Kind, due: dt.datetime, summons: Summons | None = None) -> Deadline:
    """Begin to owe an answer, an arrival, a ruling, a decision."""
    row = Deadline(whistle=whistle, summons=summons, kind=kind)
    clocks.start(row, due)
    row.save()
    return row


def paid(whistle: Whistle, *kinds: Deadline.Kind, summons: Summons | None = None) -> None:
    """What was owed is done, in time or late."""
    for row in _owed(whistle, kinds, summons):
        clocks.stop(row)
        keep(row)


def forgiven(whistle: Whistle, *kinds: Deadline.Kind, summons: Summons | None = None) -> None:
    """Nothing is owed any more, though it was not done."""
    for row in _owed(whistle, kinds, summons):
        clocks.rest(row)
        keep(row)


def keep(row: Timed) -> None:
    """Write a clock."""
    row.save(update_fields=["clock_from", "due_at", "done_at", "is_late", "next_alarm"])


def _owed(whistle: Whistle, kinds: Iterable[str], summons: Summons | None) -> list[Deadline]:
    rows = Deadline.objects.filter(whistle=whistle, clock_from__isnull=False, done_at=None)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return list(rows.filter(summons=summons) if summons is not None else rows)


def tell(whistle: Whistle, step: WhistleStep, kind: str, to: Iterable[int]) -> None:
    """One notice a person about a step."""
    people = sorted({pk for pk in to if pk != step.by_id})
    if people:
        notices.queue(kind=kind, to=people, obj=whistle, params={"code": whistle.code}, key=f"{kind}:{whistle.pk}:{step.seq}")


def people_of(bodies: Iterable[int]) -> set[int]:
    """Who speaks for these bodies today."""
    posts = Post.objects.filter(body_id__in=list(bodies), role__in=rules.SPEAKS).held_on(clock.today())
    return set(posts.values_list("user_id", flat=True))
