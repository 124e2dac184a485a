"""集体会诊: findings, a lead, duties with days; each reported by who owes it and accepted by who called."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.community.actors import Actor
from gongzhi.community.models import Body
from gongzhi.kernel import attachments
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.flow import clocks
from gongzhi.kernel.flow.tables import Saying
from gongzhi.whistles import rules
from gongzhi.whistles.actions.moves import keep, move, part_move, people_of, speaking_for, tell
from gongzhi.whistles.models import Duty, Whistle, WhistleStep
from gongzhi.whistles.workflow import TASKS


@transaction.atomic
def diagnose(*, whistle: Whistle, by: Actor, findings: str, lead: Body) -> WhistleStep:
    """Record what was found together and who leads; again when more is found."""
    _is_in(whistle, lead)
    step = move(whistle, "diagnose", by=by, say=Saying(note=findings), changes={"findings": findings, "lead_id": lead.pk}, about=lead.pk)
    tell(whistle, step, "whistle.moved", people_of(rules.bodies_in(whistle)))
    return step


@transaction.atomic
def add_duty(*, whistle: Whistle, by: Actor, body: Body, words: str, due: dt.datetime) -> WhistleStep:
    """Give one department one task with its day."""
    _is_in(whistle, body)
    duty = Duty(whistle=whistle, body=body, words=words)
    clocks.start(duty, due)
    duty.save()
    step = move(whistle, "add_duty", by=by, say=Saying(note=words, data={"duty": duty.pk}), about=body.pk)
    tell(whistle, step, "whistle.duty", people_of([body.pk]))
    return step


@transaction.atomic
def report_duty(*, duty: Duty, by: Actor, result: str, photos: tuple[str, ...] = ()) -> WhistleStep:
    """Say what was done; the clock stops here."""
    whistle = duty.whistle
    held = speaking_for(by, whistle, duty.body_id)
    attachments.attach(photos, whistle, by_id=by.user_id)
    part_move(duty, TASKS, "report_duty", held, result=result, photos=list(photos))
    step = move(whistle, "report_duty", by=by, held=held, say=Saying(note=result, photos=photos), about=duty.body_id)
    clocks.stop(duty)
    keep(duty)
    tell(whistle, step, "whistle.moved", people_of([whistle.caller_id]))
    return step


@transaction.atomic
def accept_duty(*, duty: Duty, by: Actor, note: str = "") -> WhistleStep:
    """It is done."""
    whistle = duty.whistle
    part_move(duty, TASKS, "accept_duty", rules.duties(by, whistle))
    step = move(whistle, "accept_duty", by=by, say=Saying(note=note), about=duty.body_id)
    tell(whistle, step, "whistle.moved", people_of([duty.body_id]))
    return step


@transaction.atomic
def reject_duty(*, duty: Duty, by: Actor, reason: str) -> WhistleStep:
    """Not done yet: it is owed again, by its old day (late if that has passed)."""
    whistle = duty.whistle
    part_move(duty, TASKS, "reject_duty", rules.duties(by, whistle))
    step = move(whistle, "reject_duty", by=by, say=Saying(note=reason), about=duty.body_id)
    clocks.resume(duty)
    keep(duty)
    tell(whistle, step, "whistle.duty", people_of([duty.body_id]))
    return step


@transaction.atomic
def move_duty(*, duty: Duty, by: Actor, due: dt.datetime, reason: str) -> WhistleStep:
    """Another day for a task, with its reason."""
    whistle = duty.whistle
    if duty.due_at is not None and due < duty.due_at:
        raise DomainError(_("任务的时限只能往后改。"), field="due")
    part_move(duty, TASKS, "move_duty", rules.duties(by, whistle))
    days = [duty.due_at.isoformat() if duty.due_at else "", due.isoformat()]
    step = move(whistle, "move_duty", by=by, say=Saying(note=reason, data={"due": days}), about=duty.body_id)
    clocks.start(duty, due)
    keep(duty)
    tell(whistle, step, "whistle.duty", people_of([duty.body_id]))
    return step


@transaction.atomic
def drop_duty(*, duty: Duty, by: Actor, reason: str) -> WhistleStep:
    """A task that is not needed after all."""
    whistle = duty.whistle
    part_move(duty, TASKS, "drop_duty", rules.duties(by, whistle))
    step = move(whistle, "drop_duty", by=by, say=Saying(note=reason), about=duty.body_id)
    clocks.rest(duty)
    keep(duty)
    tell(whistle, step, "whistle.moved", people_of([duty.body_id]))
    return step


def _is_in(whistle: Whistle, body: Body) -> None:
    if body.pk != whistle.caller_id and body.pk not in rules.bodies_in(whistle):
        raise DomainError(_("只能交给这次吹哨里的单位。需要别的单位，请先“再叫单位”。"), field="body")
