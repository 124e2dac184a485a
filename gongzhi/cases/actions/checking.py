"""Another person checks; then the case closes, or goes back. On-the-spot settling by the grid worker."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases.actions.moves import Saying, perform
from gongzhi.cases.models import Case, Step
from gongzhi.cases.workflow import Outcome
from gongzhi.community.actors import SYSTEM, Actor
from gongzhi.kernel import attachments
from gongzhi.kernel.errors import NotAllowed


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
    return perform(case, "settle", by=by, say=Saying(note=note, photos=photos), changes={"outcome": Outcome.SOLVED})


@transaction.atomic
def look_again(*, case: Case, by: Actor = SYSTEM) -> Step:
    """到期回看: what was closed for now is taken up again on its day, with fresh clocks."""
    from gongzhi.cases.actions.judging import fresh_clocks  # noqa: PLC0415  both chapters reopen

    return perform(case, "look_again", by=by, changes=fresh_clocks(case))
