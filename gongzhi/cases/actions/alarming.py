"""What the tick does with clocks: warn, escalate one rung, wake what rests, recompute after a holiday notice."""

from __future__ import annotations

from django.db import transaction

from gongzhi.cases import timing
from gongzhi.cases.actions.checking import look_again
from gongzhi.cases.actions.moves import perform, tell
from gongzhi.cases.actions.requesting import resume
from gongzhi.cases.models import Case, Step
from gongzhi.cases.workflow import RESOLVE, State
from gongzhi.community.actors import SYSTEM
from gongzhi.community.levels import COMMUNITY, GRID, rung_above
from gongzhi.community.models import Post
from gongzhi.community.territory import LEVEL_FIELDS
from gongzhi.kernel import clock
from gongzhi.kernel.errors import Conflict
from gongzhi.kernel.flow.alarms import LATE, WAKE, Alarm, due_between
from gongzhi.kernel.flow.tables import Saying

BATCH = 200


def ring_due(*, limit: int = BATCH) -> int:
    """Fire the alarms of up to `limit` cases whose `next_due` has come; returns how many. Each case in its own transaction."""
    ids = list(Case.objects.filter(next_due__lte=clock.now()).order_by("next_due").values_list("pk", flat=True)[:limit])
    for pk in ids:
        try:
            ring(case_id=pk)
        except Conflict:
            continue
    return len(ids)


@transaction.atomic
def ring(*, case_id: int) -> None:
    """Fire what is due of one case; somebody who acts at the same moment wins, and the tick comes again."""
    case = Case.objects.get(pk=case_id)
    now = clock.now()
    if case.next_due is None or case.next_due > now:
        return
    fired = due_between(timing.case_alarms(case), case.next_due, now)
    if any(alarm.kind == WAKE for alarm in fired):
        _wake(case)
        return
    late = [alarm for alarm in fired if alarm.kind == LATE]
    if late:
        _escalate(case, late)
    elif fired:
        step = perform(case, "warn", by=SYSTEM, say=Saying(data={"clocks": sorted({alarm.clock for alarm in fired})}))
        tell(case, step, "case.warn", people_at(case, GRID) | handlers_of(case))
    else:
        timing.set_next_due(case, now)
        Case.objects.filter(pk=case.pk, version=case.version).update(next_due=case.next_due)


def _wake(case: Case) -> None:
    if case.state == State.SUSPENDED:
        resume(case=case, by=SYSTEM)
    elif case.state == State.LONG_TERM:
        step = perform(case, "warn", by=SYSTEM, say=Saying(data={"clocks": ["review"]}), changes={"next_due": None})
        tell(case, step, "case.review", people_at(case, "street") | handlers_of(case))
    else:
        look_again(case=case)


def _escalate(case: Case, late: list[Alarm]) -> None:
    rung = case.alarm_level or GRID
    for _alarm in late:
        rung = rung_above(rung) or rung
    clocks = sorted({alarm.clock for alarm in late})
    is_late = case.is_late or RESOLVE in clocks
    step = perform(
        case, "escalate", by=SYSTEM, say=Saying(data={"clocks": clocks, "level": rung}), changes={"alarm_level": rung, "is_late": is_late}
    )
    tell(case, step, "case.late", people_at(case, rung) | handlers_of(case))


def handlers_of(case: Case) -> set[int]:
    """Users who handle for the lead body."""
    if case.body_id is None:
        return set()
    return set(
        Post.objects.filter(body_id=case.body_id, role__in=("handler", "steward")).held_on(clock.today()).values_list("user_id", flat=True)
    )


def people_at(case: Case, rung: str) -> set[int]:
    """Who answers at a rung of the ladder for this case's place: grid worker, secretary, dispatcher and supervisor, leader."""
    place_id = getattr(case, LEVEL_FIELDS[rung])
    if place_id is None:
        return set()
    roles = {GRID: ("grid_worker",), COMMUNITY: ("secretary", "clerk")}.get(rung, ("dispatcher", "supervisor", "leader"))
    return set(Post.objects.filter(place_id=place_id, role__in=roles).held_on(clock.today()).values_list("user_id", flat=True))


@transaction.atomic
def recompute_due(*, case_id: int) -> Step | None:
    """After a holiday notice: the promised time by the new calendar, never earlier than promised; a step says both."""
    case = Case.objects.get(pk=case_id)
    if not case.is_open or case.resolved_at or case.extended_times or case.paused_at or case.resolve_due is None:
        return None
    due = timing.promise(RESOLVE, case.category_id, case.clock_from).due
    if due is None or due <= case.resolve_due:
        return None
    say = Saying(data={"due": [case.resolve_due.isoformat(), due.isoformat()]})
    return perform(case, "recompute", by=SYSTEM, say=say, changes={"resolve_due": due})
