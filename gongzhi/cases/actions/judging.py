"""The one it was done for judges: rates, asks back, wants it done again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases import timing
from gongzhi.cases.actions.checking import close_spot_check
from gongzhi.cases.actions.moves import perform
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, Step
from gongzhi.cases.workflow import RESOLVE, RESPOND, Duty
from gongzhi.community.actors import SYSTEM, Actor
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.flow.tables import Saying

DAYS_TO_REOPEN = 30
TIMES_TO_REOPEN = 3


@transaction.atomic
def rate(*, case: Case, by: Actor, stars: int, words: str = "") -> Step:
    """评价, 5 very satisfied .. 1 very dissatisfied, with words if wished."""
    if stars not in range(1, 6):
        raise DomainError(_("请在五个选项里选一个。"), field="stars")
    return perform(
        case, "rate", by=by, say=Saying(note=words, data={"stars": stars}), changes={"rating": stars, "rating_words": words.strip()}
    )


@transaction.atomic
def ask_back(*, case: Case, by: Actor, note: str) -> Step:
    """补充或追问: more to say, or a question to who handles it."""
    return perform(case, "ask_back", by=by, say=Saying(note=note))


@transaction.atomic
def reopen(*, case: Case, by: Actor, reason: str) -> Step:
    """要求重新办理: within the town's days and times, with fresh clocks."""
    days, times = catalogue().cap("reopen_days", DAYS_TO_REOPEN), catalogue().cap("reopen_times", TIMES_TO_REOPEN)
    if case.closed_at and clock.now() - case.closed_at > dt.timedelta(days=days):
        raise DomainError(_("办结已超过 %(days)d 天，请重新反映一件，可以写上原来的编号。") % {"days": days}, field="reason")
    if case.reopened_times >= times:
        raise DomainError(_("已重新办理过 %(times)d 次，请联系社区，由社区当面处理。") % {"times": times}, field="reason")
    changes = fresh_clocks(case) | {"reopened_times": case.reopened_times + 1}
    step = perform(case, "reopen", by=by, say=Saying(note=reason), changes=changes)
    close_spot_check(case, by if step.by_duty == Duty.CHECK else SYSTEM, passed=False)
    return step


def fresh_clocks(case: Case) -> dict[str, Any]:
    """Respond and resolve start anew from now; the accept clock has done its work. A clock never jumps backwards."""
    now = clock.now()
    respond, resolve = timing.promise(RESPOND, case.category_id, now), timing.promise(RESOLVE, case.category_id, now)
    return {
        "clock_from": now,
        "respond_due": respond.due,
        "responded_at": None,
        "resolve_due": max(filter(None, (resolve.due, case.resolve_due)), default=None),
        "resolve_unit": resolve.unit,
        "resolved_at": None,
        "outcome": "",
        "look_again_on": None,
        "is_late": False,
        "alarm_level": "",
        "rating": None,
        "rating_words": "",
    }
