"""Who may: what someone is to a case, and what that lets them do."""

from __future__ import annotations

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, Helper, Reporter
from gongzhi.cases.workflow import ROLE_DUTIES, Duty, moves_from
from gongzhi.community.actors import Actor, Held
from gongzhi.community.policy import SEES_WORDS
from gongzhi.community.scope import reaches_place
from gongzhi.kernel.flow.tables import Move

HANDLING_ROLES = frozenset({"handler", "steward", "secretary", "grid_worker"})
"""Roles that handle what was given to their own body."""
DESK_ROLES = ("clerk", "dispatcher", "secretary")
FIELD_ROLES = ("grid_worker",)
OVERSEEING_ROLES = ("supervisor", "leader")


def duties(actor: Actor, case: Case) -> dict[Duty, Held | None]:
    """What the actor is to the case, each duty with the post it comes from (None: reporter, system)."""
    if actor.is_system:
        return {Duty.SYSTEM: None}
    found: dict[Duty, Held | None] = {}
    for post in actor.held:
        for duty in _duties_of(post, case):
            found.setdefault(duty, post)
    if is_reporter(actor, case):
        found[Duty.REPORTER] = None
    return found


def _duties_of(post: Held, case: Case) -> set[Duty]:
    if post.categories and not _within_categories(post, case):
        return set()
    held: set[Duty] = set()
    if post.role in HANDLING_ROLES and (post.reach == "body" or reaches_place(post, case.place_id)):
        held |= _handling(post, case)
    unplaced = case.place_id is None and post.rung == "district" and post.reach == "place"
    if unplaced or reaches_place(post, case.place_id):
        held |= ROLE_DUTIES.get(post.role, frozenset()) - {Duty.HANDLE}
    return held


def _handling(post: Held, case: Case) -> set[Duty]:
    if case.body_id == post.body_id:
        return {Duty.HANDLE}
    helping = getattr(case, "helper_ids", None)
    if helping is None:
        helping = set(Helper.objects.filter(case_id=case.pk, left_at=None).values_list("body_id", flat=True))
        case.helper_ids = helping
    return {Duty.CO_HANDLE} if post.body_id in helping else set()


def _within_categories(post: Held, case: Case) -> bool:
    return any(row.code in post.categories for row in catalogue().line(case.category_id))


def is_reporter(actor: Actor, case: Case) -> bool:
    """Reported or joined it while signed in, or opened it by its claim code in this browser."""
    if case.pk in actor.claims:
        return True
    if actor.user_id is None:
        return False
    known = getattr(case, "is_mine", None)
    return bool(known) if known is not None else Reporter.objects.filter(case_id=case.pk, user_id=actor.user_id).exists()


def moves_for(actor: Actor, case: Case) -> list[Move]:
    """What this person may do with this case now, in the order of the table; checked again by `perform`."""
    return moves_from(case.state, duties(actor, case))


def can_see_words(actor: Actor) -> bool:
    """Does any post read the words of cases?"""
    return bool(actor.roles() & SEES_WORDS)


def can_take_reports(actor: Actor) -> bool:
    """May enter a case on someone's behalf: desk staff."""
    return bool(actor.with_role(*DESK_ROLES))


def can_find(actor: Actor) -> bool:
    """May enter what he found himself: grid workers."""
    return bool(actor.with_role(*FIELD_ROLES))


def takes_in(actor: Actor) -> bool:
    """Enters cases, of others or his own findings."""
    return can_take_reports(actor) or can_find(actor)


def works_outdoors(actor: Actor) -> bool:
    """Has a list of today's work on the phone: grid workers and those who handle on site."""
    return bool(actor.with_role("grid_worker", "handler", "steward", "checker"))


def can_import(actor: Actor) -> bool:
    return can_take_reports(actor)


def can_export(actor: Actor) -> bool:
    return bool(actor.with_role("clerk", "dispatcher", "supervisor"))


def can_oversee(actor: Actor) -> bool:
    return bool(actor.with_role(*OVERSEEING_ROLES))


def can_reveal(actor: Actor, case: Case) -> Held | None:
    """The post by which the reporter may be opened (always with purpose and log): intake, dispatch, lead handler, check."""
    held = duties(actor, case)
    for duty in (Duty.INTAKE, Duty.DISPATCH, Duty.HANDLE, Duty.CHECK):
        if post := held.get(duty):
            return post
    return None
