"""What a department does when it is called: answers, comes, says "not ours", sends a substitute; and who rules on "not ours"."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.community.actors import Actor
from gongzhi.community.models import Body, Post
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.flow.tables import Saying
from gongzhi.kernel.geo import distance_m
from gongzhi.whistles.actions.moves import cap, forgiven, move, owe, paid, part_move, people_of, speaking_for, tell
from gongzhi.whistles.models import Deadline, Summons, WhistleStep
from gongzhi.whistles.workflow import COMINGS, TASKS

ANSWER, ARRIVE, RULING = Deadline.Kind.ANSWER, Deadline.Kind.ARRIVE, Deadline.Kind.RULING


@transaction.atomic
def answer(*, summons: Summons, by: Actor, note: str = "") -> WhistleStep:
    """ "We come": in time or late, as the clock says."""
    whistle = summons.whistle
    held = speaking_for(by, whistle, summons.body_id)
    part_move(summons, COMINGS, "answer", held, answered_at=clock.now(), answer=note)
    step = move(whistle, "answer", by=by, held=held, say=Saying(note=note), about=summons.body_id)
    paid(whistle, ANSWER, summons=summons)
    tell(whistle, step, "whistle.moved", people_of([whistle.caller_id]))
    return step


@transaction.atomic
def arrive(*, summons: Summons, by: Actor, point: tuple[float, float], note: str = "") -> WhistleStep:
    """On site, with the position of this moment: how far from the matter is said, not judged. Coming without an answer is an answer."""
    whistle, case = summons.whistle, summons.whistle.case
    lng, lat = point
    away = None if case.lng is None or case.lat is None else round(distance_m(lng, lat, case.lng, case.lat))
    if away is not None and away > cap("whistle_far_m") and not note.strip():
        raise DomainError(_("您离现场有 %(m)d 米。到了再报到；地点确实不同，请在说明里写清楚。") % {"m": away}, field="note")
    now = clock.now()
    held = speaking_for(by, whistle, summons.body_id)
    columns = {"arrived_at": now, "lng": lng, "lat": lat, "away_m": away, "answered_at": summons.answered_at or now}
    part_move(summons, COMINGS, "arrive", held, **columns)
    step = move(whistle, "arrive", by=by, held=held, say=Saying(note=note, data={"away_m": away}), about=summons.body_id)
    paid(whistle, ANSWER, ARRIVE, summons=summons)
    tell(whistle, step, "whistle.moved", people_of([whistle.caller_id]))
    return step


@transaction.atomic
def dispute(*, summons: Summons, by: Actor, reason: str, ground: str) -> WhistleStep:
    """ "Not ours", with the article of the power list it relies on: open until the adjudicator rules, or it climbs."""
    if not ground.strip():
        raise DomainError(_("请写明依据：权责清单或文件的哪一条。"), field="ground")
    whistle = summons.whistle
    held = speaking_for(by, whistle, summons.body_id)
    words = _("%(reason)s（依据：%(ground)s）") % {"reason": reason, "ground": ground}
    part_move(summons, COMINGS, "dispute", held, answered_at=summons.answered_at or clock.now(), objection=words)
    step = move(whistle, "dispute", by=by, held=held, say=Saying(note=words), about=summons.body_id)
    paid(whistle, ANSWER, summons=summons)
    forgiven(whistle, ARRIVE, summons=summons)
    owe(whistle, RULING, clock.now() + dt.timedelta(hours=cap("whistle_ruling_hours")), summons)
    tell(whistle, step, "whistle.disputed", _adjudicators(summons) | people_of([whistle.caller_id]))
    return step


@transaction.atomic
def rule(*, summons: Summons, by: Actor, is_theirs: bool, ground: str, be_there_at: dt.datetime | None = None) -> WhistleStep:
    """The named adjudicator rules: it is theirs and they come, or it is not and they are out of it."""
    whistle = summons.whistle
    name = "rule_theirs" if is_theirs else "rule_not"
    if is_theirs and be_there_at is None:
        raise DomainError(_("请写明什么时候到场。"), field="be_there_at")
    held = speaking_for(by, whistle, summons.body_id)
    part_move(summons, COMINGS, name, held, ruling=ground)
    step = move(whistle, name, by=by, held=held, say=Saying(note=ground), about=summons.body_id)
    paid(whistle, RULING, summons=summons)
    if is_theirs and be_there_at is not None:
        owe(whistle, ARRIVE, be_there_at, summons)
    else:
        _hand_over(summons, whistle.caller_id)
    tell(whistle, step, "whistle.ruled", people_of([whistle.caller_id, summons.body_id]))
    return step


@transaction.atomic
def replace(*, summons: Summons, by: Actor, body: Body, reason: str) -> WhistleStep:
    """A substitute comes instead, by the same time; the reason stands."""
    whistle = summons.whistle
    if whistle.summons.filter(body=body).exists() or body.pk == whistle.caller_id:
        raise DomainError(_("这个单位已经在这次吹哨里，请选别的单位。"), field="body")
    held = speaking_for(by, whistle, summons.body_id)
    owed = whistle.deadlines.filter(summons=summons, kind=ARRIVE, done_at=None).first()
    part_move(summons, COMINGS, "replace", held)
    step = move(whistle, "replace", by=by, held=held, say=Saying(note=reason, data={"body": body.pk}), about=summons.body_id)
    paid(whistle, ANSWER, summons=summons)
    forgiven(whistle, ARRIVE, summons=summons)
    other = Summons.objects.create(whistle=whistle, body=body, called_at=clock.now(), replaces=summons)
    soon = clock.now() + dt.timedelta(minutes=cap("whistle_answer_minutes"))
    due = max(soon, owed.due_at) if owed and owed.due_at else soon
    owe(whistle, ANSWER, soon, other)
    owe(whistle, ARRIVE, due, other)
    _hand_over(summons, body.pk)
    tell(whistle, step, "whistle.called", people_of([body.pk]))
    tell(whistle, step, "whistle.moved", people_of([whistle.caller_id]))
    return step


def _hand_over(summons: Summons, body_id: int) -> None:
    """What a department that is out of it still had to do is somebody else's now: nothing is left without an owner."""
    summons.whistle.duties.filter(body_id=summons.body_id, state__in=TASKS.open).update(body_id=body_id)


def _adjudicators(summons: Summons) -> set[int]:
    case = summons.whistle.case
    places = [pk for pk in (case.street_id, case.district_id) if pk]
    return set(Post.objects.filter(role="adjudicator", place_id__in=places).held_on(clock.today()).values_list("user_id", flat=True))
