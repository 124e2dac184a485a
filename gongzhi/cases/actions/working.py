"""The work itself: sign for it, say how it goes, report it done."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases.actions.moves import perform
from gongzhi.cases.models import Case, Step
from gongzhi.cases.workflow import Outcome
from gongzhi.community.actors import Actor
from gongzhi.kernel import attachments, clock
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.flow.tables import Saying


@transaction.atomic
def take(*, case: Case, by: Actor, note: str = "") -> Step:
    """签收: in hand; the reporter is told who is on it."""
    return perform(case, "take", by=by, say=Saying(note=note))


@transaction.atomic
def respond(*, case: Case, by: Actor, note: str, photos: tuple[str, ...] = ()) -> Step:
    """Say publicly how it goes; stops the respond clock the first time."""
    _bind(case, by, photos)
    return perform(case, "respond", by=by, say=Saying(note=note, photos=photos))


@transaction.atomic
def report_done(
    *, case: Case, by: Actor, outcome: str, note: str, photos: tuple[str, ...] = (), look_again_on: dt.date | None = None
) -> Step:
    """已反馈: solved, explained, or for now (then with a date to look again). Somebody else checks."""
    if outcome not in Outcome.values:
        raise DomainError(_("请选择办理结果：实际解决、解释说明或阶段性办结。"), field="outcome")
    if outcome == Outcome.FOR_NOW:
        if look_again_on is None or look_again_on <= clock.today():
            raise DomainError(_("阶段性办结要写明以后哪一天回看，日期要在今天之后。"), field="look_again_on")
    else:
        look_again_on = None
    _bind(case, by, photos)
    changes = {"outcome": outcome, "look_again_on": look_again_on}
    data = {"outcome": outcome, "look_again_on": look_again_on.isoformat() if look_again_on else None}
    return perform(case, "report_done", by=by, say=Saying(note=note, photos=photos, data=data), changes=changes)


def _bind(case: Case, by: Actor, photos: tuple[str, ...]) -> None:
    if photos:
        attachments.attach(photos, case, by_id=by.user_id)
