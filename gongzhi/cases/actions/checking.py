"""Another person checks; then the case closes, or goes back. On-the-spot settling by the grid worker."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases.actions.moves import perform
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, SpotCheck, Step
from gongzhi.cases.workflow import Outcome
from gongzhi.community.actors import SYSTEM, Actor
from gongzhi.kernel import attachments, clock
from gongzhi.kernel.errors import Conflict, NotAllowed
from gongzhi.kernel.flow.tables import Saying

SPOT_CHECK_PERCENT = 10
"""Of what is closed on the spot, where a town has set nothing."""


def _by_another(case: Case, by: Actor) -> None:
    done = Step.objects.filter(case_id=case.pk, verb="report_done").order_by("-seq").first()
    same_person = done is not None and done.by_id == by.user_id
    same_body = case.body_id is not None and any(post.body_id == case.body_id for post in by.with_role("checker"))
    if same_person or same_body:
        raise NotAllowed(_("办理的人和单位不能自己核查，请由别的核查员来看。"))


@transaction.atomic
def pass_check(*, case: Case, by: Actor, note: str = "", photos: tuple[str, ...] = ()) -> Step:
    """核查通过, by somebody who did not do it."""
    _by_another(case, by)
    if photos:
        attachments.attach(photos, case, by_id=by.user_id)
    return perform(case, "pass_check", by=by, say=Saying(note=note, photos=photos))


@transaction.atomic
def fail_check(*, case: Case, by: Actor, reason: str, photos: tuple[str, ...] = ()) -> Step:
    """核查不通过: back in hand; the promised time stands as it was and its clock runs again."""
    _by_another(case, by)
    if photos:
        attachments.attach(photos, case, by_id=by.user_id)
    changes = {"resolved_at": None, "outcome": "", "look_again_on": None}
    return perform(case, "fail_check", by=by, say=Saying(reason=reason, note=reason, photos=photos), changes=changes)


@transaction.atomic
def close_case(*, case: Case, by: Actor, note: str = "") -> Step:
    """办结: the reporter is asked to judge."""
    return perform(case, "close", by=by, say=Saying(note=note, data={"outcome": case.outcome}))


@transaction.atomic
def settle_on_spot(*, case: Case, by: Actor, note: str, photos: tuple[str, ...] = ()) -> Step:
    """现场办结: the grid worker accepts, does and closes on the spot; checked by sample."""
    if photos:
        attachments.attach(photos, case, by_id=by.user_id)
    step = perform(case, "settle", by=by, say=Saying(note=note, photos=photos), changes={"outcome": Outcome.SOLVED})
    if is_drawn(case):
        SpotCheck.objects.create(case=case, drawn_at=step.at)
    return step


def is_drawn(case: Case) -> bool:
    """Is this one of the town's share to be looked at a second time? By its random number, so that nobody can foresee or choose it."""
    share = catalogue().cap("spot_check_percent", SPOT_CHECK_PERCENT)
    return int(hashlib.sha256(f"spot-check:{case.code}".encode()).hexdigest(), 16) % 100 < share


@transaction.atomic
def look_over(*, case: Case, by: Actor, note: str = "") -> Step:
    """抽查通过: a checker has seen that what was closed on the spot is done. If it is not, he reopens the case."""
    if Step.objects.filter(case_id=case.pk, verb="settle", by_id=by.user_id).exists():
        raise NotAllowed(_("自己现场办结的要由别人抽查。"))
    step = perform(case, "look_over", by=by, say=Saying(reason=note))
    if not close_spot_check(case, by, passed=True):
        raise Conflict(_("这件诉求不在待抽查之列，可能别人刚刚抽查过。"))
    return step


def close_spot_check(case: Case, by: Actor, *, passed: bool) -> int:
    """Write the result of the second look that waits for this case; how many waited (0 or 1)."""
    waiting = SpotCheck.objects.filter(case_id=case.pk, done_at=None)
    return waiting.update(done_at=clock.now(), done_by_id=by.user_id, passed=passed)


@transaction.atomic
def look_again(*, case: Case, by: Actor = SYSTEM) -> Step:
    """到期回看: what was closed for now is taken up again on its day, with fresh clocks."""
    from gongzhi.cases.actions.judging import fresh_clocks  # noqa: PLC0415  both chapters reopen

    return perform(case, "look_again", by=by, changes=fresh_clocks(case))
