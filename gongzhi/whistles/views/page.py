"""One whistle as a mission log: the matter and its map, a column per department, the diagnosis, the duties, both ratings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from gongzhi.cases.rules import can_see_words
from gongzhi.community.acting import Act, AskForm
from gongzhi.community.actors import Actor
from gongzhi.community.directory import body_label
from gongzhi.community.told import photo
from gongzhi.community.views.doing import actor, needs, offered, run_act
from gongzhi.kernel.errors import Missing
from gongzhi.whistles import acts, queries, rules, telling
from gongzhi.whistles.models import Deadline, Duty, Rating, Summons, Whistle
from gongzhi.whistles.workflow import COMING, Coming, Task


@require_safe
@needs(rules.takes_part)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The page."""
    return _show(request, queries.get_whistle(actor(request), code))


def _show(request: HttpRequest, whistle: Whistle, *, wrong: AskForm | None = None, refused: str = "", status: int = 200) -> HttpResponse:
    by = actor(request)
    deadlines = list(Deadline.objects.filter(whistle=whistle).order_by("id"))
    ratings = list(Rating.objects.filter(whistle=whistle).order_by("id"))
    own = acts.acts_on(whistle, by)
    context = {
        "whistle": whistle,
        "case": whistle.case,
        **telling.facts(whistle),
        "refused": refused,
        "acts": offered(own, whistle, by, lambda act: reverse("whistles:act", args=[whistle.code, act.name]), wrong),
        "columns": [_column(one, whistle, by, deadlines, ratings, wrong) for one in whistle.summons.all()],
        "duties": [_duty(one, whistle, by, wrong) for one in whistle.duties.all()],
        "leading": [
            {"name": one.user.display_name, "part": one.get_part_display(), "task": one.task} for one in rules.leading_now(whistle)
        ],
        "about_call": [_rating(one) for one in ratings if one.about_id == whistle.caller_id],
        "waiting": next((one for one in deadlines if one.summons_id is None and one.next_alarm), None),
        "steps": [telling.tell(step) for step in whistle.steps.order_by("-seq")],
        "area_url": reverse("cases:desk_area", args=[whistle.case.place_id]) if whistle.case.place_id and can_see_words(by) else "",
        "case_url": reverse("cases:desk_case", args=[whistle.case.code]) if _meets_case(by, whistle) else "",
    }
    return render(request, "whistles/page.html", context, status=status)


def _meets_case(by: Actor, whistle: Whistle) -> bool:
    return type(whistle.case).objects.visible_to(by).filter(pk=whistle.case_id).exists() and can_see_words(by)


def _column(
    summons: Summons, whistle: Whistle, by: Actor, deadlines: list[Deadline], ratings: list[Rating], wrong: AskForm | None
) -> dict[str, Any]:
    own = {one.kind: one for one in deadlines if one.summons_id == summons.pk}
    answer, arrive, ruling = (own.get(kind) for kind in (Deadline.Kind.ANSWER, Deadline.Kind.ARRIVE, Deadline.Kind.RULING))
    pk = summons.pk
    mine = acts.acts_on_coming(summons, whistle, by)
    return {
        "row": summons,
        "name": body_label(summons.body_id),
        "word": Coming(summons.state).label,
        "tone": telling.COMING_TONES[Coming(summons.state)],
        "is_in": summons.state in COMING,
        "answer_due": answer.due_at if answer and answer.next_alarm else None,
        "answer_said": telling.how_late(summons.answered_at, answer.due_at if answer else None),
        "arrive_from": arrive.clock_from if arrive else None,
        "arrive_due": arrive.due_at if arrive and arrive.next_alarm else None,
        "arrive_said": telling.how_late(summons.arrived_at, arrive.due_at if arrive else None),
        "ruling_due": ruling.due_at if ruling and ruling.next_alarm else None,
        "replaces": body_label(summons.replaces.body_id) if summons.replaces else "",
        "ratings": [_rating(one) for one in ratings if one.about_id == summons.body_id],
        "acts": offered(mine, summons, by, lambda act: reverse("whistles:coming_act", args=[whistle.code, pk, act.name]), wrong),
    }


def _duty(duty: Duty, whistle: Whistle, by: Actor, wrong: AskForm | None) -> dict[str, Any]:
    pk = duty.pk
    mine = acts.acts_on_duty(duty, whistle, by)
    return {
        "row": duty,
        "name": body_label(duty.body_id),
        "word": Task(duty.state).label,
        "tone": telling.TASK_TONES[Task(duty.state)],
        "is_owed": duty.state == Task.OWED,
        "said": telling.how_late(duty.done_at, duty.due_at),
        "photos": [photo(token) for token in duty.photos],
        "acts": offered(mine, duty, by, lambda act: reverse("whistles:duty_act", args=[whistle.code, pk, act.name]), wrong),
    }


def _rating(row: Rating) -> dict[str, Any]:
    return {"by": body_label(row.by_body_id), "stars": row.stars, "words": row.words}


def _run(
    request: HttpRequest, code: str, name: str, table: dict[str, Act], kind: type[Summons] | type[Duty] | None, pk: int = 0
) -> HttpResponse:
    by = actor(request)
    whistle = queries.get_whistle(by, code)
    matter: Any = whistle if kind is None else kind.objects.filter(whistle=whistle, pk=pk).select_related("whistle__case").first()
    if matter is None or name not in table:
        raise Missing()

    def again(request: HttpRequest, **told: Any) -> HttpResponse:
        return _show(request, queries.get_whistle(by, code), **told)

    return run_act(request, table[name], matter, by, show=again, back=reverse("whistles:show", args=[code]))


@require_POST
@needs(rules.takes_part)
def act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """An act on the whistle."""
    return _run(request, code, name, acts.ACTS, None)


@require_POST
@needs(rules.takes_part)
def coming_act(request: HttpRequest, code: str, pk: int, name: str) -> HttpResponse:
    """An act of or about one department."""
    return _run(request, code, name, acts.COMING_ACTS, Summons, pk)


@require_POST
@needs(rules.takes_part)
def duty_act(request: HttpRequest, code: str, pk: int, name: str) -> HttpResponse:
    """An act on one duty."""
    return _run(request, code, name, acts.TASK_ACTS, Duty, pk)
