"""Ending: not before the matter ends (事不完人不撤); up a level with the whole record; both sides rate."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.cases.workflow import State as CaseState
from gongzhi.community.actors import Actor
from gongzhi.community.levels import DISTRICT, STREET
from gongzhi.community.models import Body, Post
from gongzhi.community.territory import territory
from gongzhi.kernel import clock, events
from gongzhi.kernel.errors import Conflict, DomainError, NotAllowed
from gongzhi.kernel.flow.tables import Saying
from gongzhi.whistles import rules
from gongzhi.whistles.actions.blowing import close_parts
from gongzhi.whistles.actions.moves import cap, forgiven, move, owe, paid, people_of, tell
from gongzhi.whistles.events import WhistleEnded
from gongzhi.whistles.models import Deadline, Rating, Whistle, WhistleStep
from gongzhi.whistles.workflow import Coming, Duty, Task

C = CaseState
STILL_AT_WORK = frozenset({C.REGISTERED, C.ACCEPTED, C.DISPATCHED, C.IN_HAND, C.RETURNED, C.DISPUTED, C.REOPENED})
"""While the case stands so, its matter has not ended."""


@transaction.atomic
def end(*, whistle: Whistle, by: Actor, outcome: str) -> WhistleStep:
    """事不完人不撤: every duty is done, no dispute is open, and the case is reported done."""
    if whistle.duties.filter(state__in=(Task.OWED, Task.REPORTED)).exists():
        raise Conflict(_("还有任务没有办好，事不完人不撤。请先确认或取消这些任务。"))
    if whistle.summons.filter(state=Coming.DISPUTED).exists():
        raise Conflict(_("还有单位的异议没有裁定，请等裁定人裁定。"))
    if whistle.case.state in STILL_AT_WORK:
        raise Conflict(_("这件诉求还没有反馈办理结果，事不完人不撤。请先在诉求里反馈。"))
    bodies = rules.bodies_in(whistle)
    step = move(whistle, "end", by=by, say=Saying(note=outcome), changes={"outcome": outcome})
    forgiven(whistle)
    close_parts(whistle)
    tell(whistle, step, "whistle.ended", people_of({*bodies, whistle.caller_id}))
    events.publish(WhistleEnded(whistle.pk, by.user_id, step.at))
    return step


@transaction.atomic
def raise_up(*, whistle: Whistle, by: Actor, reason: str) -> WhistleStep:
    """What the whistle cannot solve goes up with its record (联席会议)."""
    node = territory().nodes.get(whistle.caller.place_id)
    level = DISTRICT if node is None or node.rung in (STREET, DISTRICT) else STREET
    return _raise(whistle, by, "raise_up", reason, level)


@transaction.atomic
def raise_again(*, whistle: Whistle, by: Actor, reason: str) -> WhistleStep:
    """The level above cannot solve it either."""
    if whistle.level == DISTRICT:
        raise Conflict(_("区级已是本系统的最高一级。请打印全程记录，按程序报市里。"))
    paid(whistle, Deadline.Kind.DECISION)
    return _raise(whistle, by, "raise_again", reason, DISTRICT)


def _raise(whistle: Whistle, by: Actor, name: str, reason: str, level: str) -> WhistleStep:
    step = move(whistle, name, by=by, say=Saying(note=reason, data={"level": level}), changes={"level": level})
    owe(whistle, Deadline.Kind.DECISION, clock.now() + dt.timedelta(days=cap("whistle_decision_days")))
    place_id = (whistle.case.district_id if level == DISTRICT else whistle.case.street_id) or 0
    deciders = Post.objects.filter(place_id=place_id, role__in=("leader", "approver")).held_on(clock.today())
    tell(whistle, step, "whistle.raised", deciders.values_list("user_id", flat=True))
    return step


@transaction.atomic
def decide(*, whistle: Whistle, by: Actor, decision: str) -> WhistleStep:
    """The level above decides and sends it back to be carried out."""
    step = move(whistle, "decide", by=by, say=Saying(note=decision), changes={"decision": decision})
    paid(whistle, Deadline.Kind.DECISION)
    tell(whistle, step, "whistle.moved", people_of({*rules.bodies_in(whistle), whistle.caller_id}))
    return step


@transaction.atomic
def rate(*, whistle: Whistle, by: Actor, about: Body, stars: int, words: str = "") -> WhistleStep:
    """The caller rates each department, each department rates the call: once each, when it is over."""
    body_id = _side(whistle, by, about)
    if stars <= 2 and not words.strip():
        raise DomainError(_("评价较低时，请写一句原因。"), field="words")
    duty = Duty.CALLER if body_id == whistle.caller_id else Duty.CALLED
    step = move(whistle, "rate", by=by, held={duty: body_id}, say=Saying(note=words, data={"stars": stars}), about=about.pk)
    try:
        with transaction.atomic():
            Rating.objects.create(whistle=whistle, by_body_id=body_id, about=about, stars=stars, words=words.strip(), at=clock.now())
    except IntegrityError:
        raise Conflict(_("已经评价过了，每方评一次。")) from None
    tell(whistle, step, "whistle.moved", people_of([about.pk]))
    return step


def _side(whistle: Whistle, by: Actor, about: Body) -> int:
    """For which body somebody rates: the caller about who came, who was called about the caller."""
    own = {post.body_id for post in by.held if post.role in rules.SPEAKS}
    called = rules.bodies_in(whistle)
    if about.pk == whistle.caller_id:
        mine = sorted(own & called)
        if mine:
            return mine[0]
    elif about.pk in called and whistle.caller_id in own:
        return whistle.caller_id
    raise NotAllowed(_("吹哨单位评价到场单位，到场单位评价这次吹哨。"))
