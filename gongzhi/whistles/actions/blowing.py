"""Calling: the street blows the whistle, a community asks it to, more departments are called, a call is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases.models import Case
from gongzhi.community.actors import Actor, Held
from gongzhi.community.models import Body, Post
from gongzhi.kernel import clock, codes
from gongzhi.kernel.errors import Conflict, DomainError, NotAllowed
from gongzhi.kernel.flow.door import begin
from gongzhi.kernel.flow.tables import Saying
from gongzhi.whistles import rules
from gongzhi.whistles.actions.moves import cap, forgiven, move, owe, people_of, tell
from gongzhi.whistles.models import Deadline, Summons, Whistle, WhistleStep
from gongzhi.whistles.workflow import COMINGS, RUNNING, Duty, State


@transaction.atomic
def blow(*, case: Case, by: Actor, kind: str, matter: str, bodies: Sequence[Body], be_there_at: dt.datetime, where: str = "") -> Whistle:
    """吹哨: name the matter, the place, the departments and the time to be there (mission.md 12)."""
    post = rules.can_call(by, case)
    if post is None:
        raise NotAllowed(_("吹哨由街道派遣员或主办单位发起；社区可以请街道吹哨。"))
    whistle = _new(case, kind, matter, where, be_there_at, post, State.CALLED)
    others = _others(bodies, post.body_id)
    step = begin(whistle, WhistleStep(of=whistle), by=by, duty=Duty.CALLER, body_id=post.body_id, say=Saying(note=matter), verb="blow")
    _call(whistle, others, be_there_at)
    tell(whistle, step, "whistle.called", people_of(body.pk for body in others))
    return whistle


@transaction.atomic
def ask_street(
    *, case: Case, by: Actor, kind: str, matter: str, bodies: Sequence[Body], be_there_at: dt.datetime, where: str = ""
) -> Whistle:
    """A community asks its street to blow the whistle; the street does, or says why not."""
    post = rules.can_ask(by, case)
    if post is None:
        raise NotAllowed(_("请街道吹哨由社区书记提出。"))
    street = _street_body(case)
    whistle = _new(case, kind, matter, where, be_there_at, post, State.ASKED)
    whistle.caller, whistle.asked_by_id = street, post.body_id
    whistle.wanted = [body.pk for body in _others(bodies, street.pk)]
    step = begin(whistle, WhistleStep(of=whistle), by=by, duty=Duty.ASKER, body_id=post.body_id, say=Saying(note=matter), verb="ask")
    owe(whistle, Deadline.Kind.ANSWER, min(be_there_at, _in_minutes("whistle_answer_minutes")))
    tell(whistle, step, "whistle.asked", _dispatchers(street))
    return whistle


@transaction.atomic
def pass_on(*, whistle: Whistle, by: Actor, bodies: Sequence[Body], be_there_at: dt.datetime, note: str = "") -> WhistleStep:
    """The street blows the whistle that its community asked for."""
    others = _others(bodies, whistle.caller_id)
    step = move(whistle, "pass_on", by=by, say=Saying(note=note), changes={"be_there_at": _future(be_there_at)})
    forgiven(whistle, Deadline.Kind.ANSWER)
    _call(whistle, others, be_there_at)
    tell(whistle, step, "whistle.called", people_of(body.pk for body in others))
    return step


@transaction.atomic
def decline(*, whistle: Whistle, by: Actor, reason: str) -> WhistleStep:
    """The street does not call; the community hears why."""
    step = move(whistle, "decline", by=by, say=Saying(note=reason))
    forgiven(whistle)
    tell(whistle, step, "whistle.moved", people_of([whistle.asked_by_id] if whistle.asked_by_id else []))
    return step


@transaction.atomic
def withdraw(*, whistle: Whistle, by: Actor, reason: str) -> WhistleStep:
    """Taken back before anybody came."""
    if whistle.summons.exclude(arrived_at=None).exists():
        raise Conflict(_("已经有单位到场，不能撤回。事情办完后请“解除吹哨”。"))
    called = list(whistle.summons.values_list("body_id", flat=True))
    step = move(whistle, "withdraw", by=by, say=Saying(note=reason))
    forgiven(whistle)
    close_parts(whistle)
    tell(whistle, step, "whistle.moved", people_of(called))
    return step


@transaction.atomic
def call_more(*, whistle: Whistle, by: Actor, bodies: Sequence[Body], be_there_at: dt.datetime, reason: str) -> WhistleStep:
    """More departments turn out to be needed."""
    known = set(whistle.summons.values_list("body_id", flat=True))
    others = [body for body in _others(bodies, whistle.caller_id) if body.pk not in known]
    if not others:
        raise DomainError(_("这些单位已经叫过了，请选别的单位。"), field="bodies")
    step = move(whistle, "call_more", by=by, say=Saying(note=reason))
    _call(whistle, others, be_there_at)
    tell(whistle, step, "whistle.called", people_of(body.pk for body in others))
    return step


def close_parts(whistle: Whistle) -> None:
    """What still stands of the departments ends with the whistle."""
    finish = COMINGS.moves["finish"]
    whistle.summons.filter(state__in=finish.sources).update(state=finish.target)
    rules.forget(whistle)


def _new(case: Case, kind: str, matter: str, where: str, be_there_at: dt.datetime, post: Held, state: State) -> Whistle:
    if Whistle.objects.filter(case=case, state__in=[*RUNNING, State.ASKED]).exists():
        raise Conflict(_("这件诉求已经在吹哨，请在原来那次里补叫单位。"))
    if not case.is_open:
        raise Conflict(_("这件诉求已经办结，不能再吹哨。需要的话请先重新办理。"))
    if not matter.strip():
        raise DomainError(_("请写明要各单位来办什么。"), field="matter")
    place = where.strip() or case.address
    if not place:
        raise DomainError(_("请写明到哪里集合。"), field="where")
    return Whistle(
        code=codes.new_code("CS"), case=case, kind=kind, matter=matter.strip(), where=place[:200], be_there_at=_future(be_there_at),
        caller_id=post.body_id, state=state,
    )  # fmt: skip


def _others(bodies: Iterable[Body], own: int | None) -> list[Body]:
    others = [body for body in bodies if body.pk != own]
    if not others:
        raise DomainError(_("请至少选一个要来的单位。"), field="bodies")
    return others


def _future(moment: dt.datetime) -> dt.datetime:
    if moment <= clock.now():
        raise DomainError(_("到场时间要晚于现在。"), field="be_there_at")
    return moment


def _call(whistle: Whistle, bodies: Iterable[Body], be_there_at: dt.datetime) -> None:
    """Each department owes an answer and its arrival; where there is less time than usual, the arrival bounds the answer."""
    answer_by = min(_future(be_there_at), _in_minutes("whistle_answer_minutes"))
    for body in bodies:
        summons = Summons.objects.create(whistle=whistle, body=body, called_at=clock.now())
        owe(whistle, Deadline.Kind.ANSWER, answer_by, summons)
        owe(whistle, Deadline.Kind.ARRIVE, be_there_at, summons)
    rules.forget(whistle)


def _in_minutes(name: str) -> dt.datetime:
    return clock.now() + dt.timedelta(minutes=cap(name))


def _street_body(case: Case) -> Body:
    """The office that dispatches in the case's street."""
    street = case.street_id or 0
    post = Post.objects.filter(role="dispatcher", place_id=street).held_on(clock.today()).select_related("body").first()
    if post is None:
        raise DomainError(_("这里的街道还没有派遣员，请打电话联系街道。"))
    return post.body


def _dispatchers(body: Body) -> set[int]:
    return set(Post.objects.filter(body=body, role="dispatcher").held_on(clock.today()).values_list("user_id", flat=True))
