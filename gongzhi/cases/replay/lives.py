"""What happened to one request, as our own acts: the same plan lived by the single acts or written in bulk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases import actions
from gongzhi.cases.actions.alarming import ring
from gongzhi.cases.actions.bulk import Act, Life
from gongzhi.cases.actions.intake import Report
from gongzhi.cases.actions.locating import Spot
from gongzhi.cases.actions.moves import perform
from gongzhi.cases.models import Case
from gongzhi.cases.replay.source import Request
from gongzhi.cases.replay.world import World
from gongzhi.cases.workflow import Duty, Outcome
from gongzhi.community.actors import NOBODY, Actor
from gongzhi.community.models import Body
from gongzhi.kernel import clock
from gongzhi.kernel.flow.tables import Saying

CHANNELS = {
    "Constituent Call": Case.Channel.PHONE,
    "Self Service": Case.Channel.RESIDENT,
    "Citizens Connect App": Case.Channel.OPEN311,
    "Employee Generated": Case.Channel.GRID,
}
FROM_OUTSIDE = frozenset({Case.Channel.RESIDENT, Case.Channel.OPEN311})


def report_of(request: Request, world: World) -> Report:
    """What was reported, with the request's own number as outside key."""
    lng, lat = request.point or (None, None)
    return Report(
        description=request.title or request.kind or request.number,
        channel=CHANNELS.get(request.source, Case.Channel.API),
        category_code=world.categories[request.reason, request.kind],
        spot=Spot(lng, lat, request.address if request.point else ""),
        outside_key=request.key,
        on_behalf=True,
    )


def reported_by(report: Report, world: World) -> Actor:
    return NOBODY if report.channel in FROM_OUTSIDE else world.dispatcher


def promise_of(request: Request) -> Callable[[Case], Mapping[str, Any]]:
    """The file's due time becomes the promised time of our clock; a request without one keeps ours."""
    return lambda case: {"resolve_due": request.due, "resolve_unit": ""} if request.due else {}


def accept_saying(request: Request, first_due: dt.datetime | None) -> Saying:
    if request.due is None:
        return Saying()
    first = first_due.isoformat() if first_due else None
    return Saying(reason=_("承诺时间照原文件"), data={"due": [first, request.due.isoformat()]})


def why_sent(request: Request) -> str:
    return _("原文件：%(department)s，%(queue)s") % {"department": request.department, "queue": request.queue}


def closing_words(request: Request) -> str:
    return request.closing or _("原文件没有写结果。")


def planned(request: Request, world: World, until: dt.datetime) -> Life:
    """The life for writing in bulk; alarms ring on the way, up to `until`."""
    report = report_of(request, world)
    body = world.bodies[request.department, request.queue]
    handler, post = world.handlers[body]
    desk, at = world.dispatcher, request.opened
    sent = Saying(reason=why_sent(request), data={"body": body, "from_body": None, "rule": None, "version": ""})
    given = {"body_id": body, "rule_id": None, "sent_because": why_sent(request)[:240]}
    acts = [
        Act("accept", at, desk, Duty.INTAKE, desk.held[0], lambda case: accept_saying(request, case.resolve_due), promise_of(request)),
        Act("dispatch", at, desk, Duty.DISPATCH, desk.held[0], sent, given),
        Act("take", at, handler, Duty.HANDLE, post),
    ]
    if request.closed:
        done = {"outcome": Outcome.SOLVED.value, "look_again_on": None}
        checker, end = world.checker, request.closed
        acts += [
            Act("report_done", end, handler, Duty.HANDLE, post, Saying(note=closing_words(request), data=done), done),
            Act("pass_check", end, checker, Duty.CHECK, checker.held[0]),
            Act("close", end, checker, Duty.CHECK, checker.held[0], Saying(data={"outcome": Outcome.SOLVED.value})),
        ]
    return Life(report, reported_by(report, world), at, acts, rings_until=until)


def acted(request: Request, world: World, until: dt.datetime) -> Case:
    """The same life by the single acts, one after the other, the tick coming at each alarm."""
    report = report_of(request, world)
    with clock.at(request.opened):
        pk = actions.open_case(report=report, by=reported_by(report, world)).case.pk
        _begin(Case.objects.get(pk=pk), request, world)
    _tick(pk, min(request.closed or until, until))
    if request.closed:
        with clock.at(request.closed):
            _end(pk, request, world)
    return Case.objects.get(pk=pk)


def _begin(case: Case, request: Request, world: World) -> None:
    body = Body.objects.get(pk=world.bodies[request.department, request.queue])
    with transaction.atomic():
        perform(case, "accept", by=world.dispatcher, say=accept_saying(request, case.resolve_due), changes=promise_of(request)(case))
    actions.dispatch(case=case, by=world.dispatcher, body=body, reason=why_sent(request))
    actions.take(case=case, by=world.handlers[body.pk][0])


def _end(pk: int, request: Request, world: World) -> None:
    case = Case.objects.get(pk=pk)
    handler = world.handlers[world.bodies[request.department, request.queue]][0]
    actions.report_done(case=case, by=handler, outcome=Outcome.SOLVED, note=closing_words(request))
    actions.pass_check(case=case, by=world.checker)
    actions.close_case(case=case, by=world.checker)


def _tick(pk: int, until: dt.datetime) -> None:
    while (due := Case.objects.values_list("next_due", flat=True).get(pk=pk)) is not None and due < until:
        with clock.at(due):
            ring(case_id=pk)
