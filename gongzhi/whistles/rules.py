"""Who may: what somebody is to a whistle, to one called department, to one duty."""

from __future__ import annotations

from gongzhi.cases.models import Case
from gongzhi.community.actors import Actor, Held
from gongzhi.community.levels import DISTRICT
from gongzhi.community.scope import reaches_place
from gongzhi.whistles.models import Leading, Summons, Whistle
from gongzhi.whistles.visibility import BY_BODY, BY_PLACE
from gongzhi.whistles.workflow import COMING, Duty

SPEAKS = frozenset({"dispatcher", "secretary", "handler", "steward"})
"""Roles that speak for their body: call, answer, come."""
CALLS = frozenset({"dispatcher", "handler"})
"""Roles that blow the whistle themselves; a community's secretary asks the street to."""
LEADS = frozenset({Leading.Part.STREET, Leading.Part.COMMUNITY})

Held_ = dict[str, int | None]


def duties(actor: Actor, whistle: Whistle) -> Held_:
    """What the actor is to the whistle, each duty with the body he holds it for."""
    if actor.is_system:
        return {Duty.SYSTEM: None}
    found: Held_ = {}
    called = bodies_in(whistle)
    for post in actor.held:
        for duty in _of_post(post, whistle, called):
            found.setdefault(duty, post.body_id)
    if actor.user_id is not None and any(one.user_id == actor.user_id and one.part in LEADS for one in leading_now(whistle)):
        found[Duty.LEAD] = None
    return found


def _of_post(post: Held, whistle: Whistle, called: frozenset[int]) -> set[Duty]:
    found: set[Duty] = set()
    if post.role in SPEAKS:
        found |= {duty for duty, body in ((Duty.CALLER, whistle.caller_id), (Duty.ASKER, whistle.asked_by_id)) if body == post.body_id}
        if post.body_id in called:
            found.add(Duty.CALLED)
    if reaches_place(post, whistle.case.place_id):
        if post.role == "dispatcher":
            found.add(Duty.STREET)
        if post.role == "adjudicator":
            found.add(Duty.RULE)
        if post.role == "leader" or (post.role == "approver" and whistle.level != DISTRICT):
            found.add(Duty.DECIDE)
    return found


def bodies_in(whistle: Whistle) -> frozenset[int]:
    """Bodies that were called and are not out of it; read once per whistle."""
    known: frozenset[int] | None = getattr(whistle, "_bodies_in", None)
    if known is None:
        rows = Summons.objects.filter(whistle_id=whistle.pk).values_list("body_id", "state")
        known = frozenset(body for body, state in rows if state in COMING or state == "over")
        whistle._bodies_in = known  # type: ignore[attr-defined]
    return known


def leading_now(whistle: Whistle) -> list[Leading]:
    """Who leads and who is sent down now; read once per whistle."""
    known: list[Leading] | None = getattr(whistle, "_leading_now", None)
    if known is None:
        known = list(Leading.objects.filter(whistle_id=whistle.pk, until=None).select_related("user"))
        whistle._leading_now = known  # type: ignore[attr-defined]
    return known


def forget(whistle: Whistle) -> None:
    """Read the above anew after a change."""
    for name in ("_bodies_in", "_leading_now"):
        whistle.__dict__.pop(name, None)


def takes_part(actor: Actor) -> bool:
    """Has a post that meets whistles at all, or leads one."""
    return bool(actor.roles() & (BY_BODY | BY_PLACE | {"sent_down"})) or leads_any(actor)


def leads_any(actor: Actor) -> bool:
    return actor.user_id is not None and Leading.objects.filter(user_id=actor.user_id).exists()


def can_call(actor: Actor, case: Case) -> Held | None:
    """The post by which somebody blows the whistle on a case: dispatcher of its area, or handler of the body that leads it."""
    for post in actor.with_role("dispatcher"):
        if reaches_place(post, case.place_id):
            return post
    return next((post for post in actor.with_role("handler") if case.body_id == post.body_id), None)


def can_ask(actor: Actor, case: Case) -> Held | None:
    """The post by which a community asks its street to blow the whistle."""
    return next((post for post in actor.with_role("secretary") if reaches_place(post, case.place_id)), None)
