"""What can be asked about whistles."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongzhi.cases.models import Case
from gongzhi.community.actors import Actor
from gongzhi.kernel.errors import Missing
from gongzhi.whistles.models import Duty, Summons, Whistle
from gongzhi.whistles.visibility import BY_BODY
from gongzhi.whistles.workflow import Coming, State, Task

TABS = ("mine", "running", "disputed", "raised", "ended", "all")
PAGE = 30


def get_whistle(by: Actor, code: str) -> Whistle:
    """The whistle, if this person may see it; else it does not exist for him."""
    found = Whistle.objects.visible_to(by).filter(code=code).select_related("case", "caller").first()
    if found is None:
        raise Missing()
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of whistles, newest first; `after` is the key of the next page, None at the end."""

    rows: list[Whistle]
    after: int | None


def list_whistles(by: Actor, tab: str, after: int | None = None) -> Listed:
    """A tab of the list, by key; each row carries its summons."""
    rows = _tab(by, tab).order_by("-id").select_related("case", "caller")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.prefetch_related("summons")[: PAGE + 1])
    return Listed(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def count_tabs(by: Actor) -> dict[str, int]:
    """How many stand in each tab that asks for something."""
    return {tab: _tab(by, tab).count() for tab in ("mine", "disputed", "raised")}


def _tab(by: Actor, tab: str) -> QuerySet[Whistle]:
    rows = Whistle.objects.visible_to(by)
    if tab == "mine":
        return rows.filter(_waits_for(by))
    if tab == "running":
        return rows.filter(state__in=(State.ASKED, State.CALLED, State.SPLIT, State.RAISED))
    if tab == "disputed":
        return rows.filter(is_open=True).filter(Exists(Summons.objects.filter(whistle=OuterRef("pk"), state=Coming.DISPUTED)))
    if tab == "raised":
        return rows.filter(state=State.RAISED)
    return rows.filter(is_open=False) if tab == "ended" else rows


def _waits_for(by: Actor) -> Q:
    """What waits for one of this person's bodies: an answer, an arrival, a duty; a call to make; a duty to accept."""
    own = sorted({post.body_id for post in by.held if post.role in BY_BODY})
    owed = Summons.objects.filter(whistle=OuterRef("pk"), body_id__in=own, state__in=(Coming.CALLED, Coming.ANSWERED))
    duties = Duty.objects.filter(whistle=OuterRef("pk"), body_id__in=own, state=Task.OWED)
    reported = Duty.objects.filter(whistle=OuterRef("pk"), state=Task.REPORTED)
    return (
        Q(Exists(owed), is_open=True)
        | Q(Exists(duties), is_open=True)
        | Q(caller_id__in=own, state=State.ASKED)
        | Q(Exists(reported), caller_id__in=own, is_open=True)
    )


def list_of_case(by: Actor, case: Case) -> list[Whistle]:
    """The whistles of a case that this person may see, newest first."""
    return list(Whistle.objects.visible_to(by).filter(case=case).order_by("-id")[:5])
