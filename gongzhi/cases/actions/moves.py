"""The one door through which a case changes: check against the table, conditional write, step, audit, notices, event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.cases import rules, timing
from gongzhi.cases.events import CaseClosed, CaseMoved
from gongzhi.cases.models import Case, Reporter, Request, Step
from gongzhi.cases.workflow import ACCEPT, MOVES, OPEN, RESOLVE, RESPOND, Duty, State
from gongzhi.community.actors import Actor, Held
from gongzhi.kernel import audit, clock, events, notices
from gongzhi.kernel.errors import Conflict, DomainError, NotAllowed
from gongzhi.kernel.flow.tables import Move, Saying

STOPPED_AT = {ACCEPT: "accepted_at", RESPOND: "responded_at", RESOLVE: "resolved_at"}


def check_move(case: Case, name: str, by: Actor) -> tuple[Move, Duty, Held | None]:
    """The row of the table with the duty that allows it; refuses in words otherwise."""
    move = MOVES[name]
    held = rules.duties(by, case)
    if held.keys().isdisjoint(move.duties):
        raise NotAllowed(_("“%(act)s”不归您办理。如需办理，请联系负责的单位。") % {"act": move.label})
    if case.state not in move.sources:
        raise Conflict(
            _("这件诉求现在是“%(state)s”，不能再“%(act)s”。请刷新看看最新情况。") % {"state": State(case.state).label, "act": move.label}
        )
    duty = next(duty for duty in held if duty in move.duties)
    return move, duty, held[duty]


def perform(case: Case, name: str, *, by: Actor, say: Saying | None = None, changes: Mapping[str, Any] | None = None) -> Step:
    """Make one move inside the running transaction and return its step.

    `changes` are further columns of the case. The write is conditional on the version read, so of two people one wins and the
    other gets `Conflict` (SQLite and PostgreSQL alike).
    """
    say = say or Saying()
    move, duty, post = check_move(case, name, by)
    if move.needs_reason and not (say.reason or say.note).strip():
        raise DomainError(_("请写明原因或说明。"), field="reason")
    now = clock.now()
    before, version = case.state, case.version
    _apply(case, move, now, changes or {})
    _write(case, version, before)
    if before in OPEN and not case.is_open:
        _lapse(case, name, now)
    step = Step.objects.create(**step_fields(case, move, now, before, by, duty, post, say))
    audit.record(verb=f"case.{name}", obj=case, by=by.user_id, facts={"from": before, "to": case.state, "seq": step.seq})
    if move.is_public:
        tell_reporters(case, step, but=by.user_id)
    publish_move(case, step)
    return step


def _apply(case: Case, move: Move, now: dt.datetime, changes: Mapping[str, Any]) -> None:
    if move.target is not None:
        case.state = move.target
    for name in move.stops:
        if getattr(case, STOPPED_AT[name]) is None:
            setattr(case, STOPPED_AT[name], now)
    for name, value in changes.items():
        setattr(case, name, value)
    case.is_open = case.state in OPEN
    if case.is_open:
        case.closed_at = None
    elif case.closed_at is None:
        case.closed_at = now
    case.updated_at = now
    case.version += 1
    case.is_counted = False
    if "next_due" not in changes:
        timing.set_next_due(case, now)


def _write(case: Case, version: int, before: str) -> None:
    names = [one.attname for one in Case._meta.concrete_fields if not one.primary_key]
    values = {name: getattr(case, name) for name in names if name not in UNMOVED}
    if not Case.objects.filter(pk=case.pk, version=version, state=before).update(**values):
        raise Conflict()


def _lapse(case: Case, name: str, now: dt.datetime) -> None:
    """What was asked for and not decided falls with the case, but for the request that ended it."""
    waiting = Request.objects.filter(case_id=case.pk, decided_at=None).exclude(kind=name)
    waiting.update(decided_at=now, granted=False, ruling=_("诉求已经结束，申请不再审批。"))


UNMOVED = frozenset({"code", "channel", "registered_at", "opened_by_id", "outside_key", "counted_as", "found_by_us", "is_anonymous"})
"""Columns no move writes: set at intake, or kept by the figures alone."""


def step_fields(
    case: Case, move: Move, now: dt.datetime, before: str, by: Actor, duty: Duty, post: Held | None, say: Saying
) -> dict[str, Any]:
    """The columns of a step; also used to build history in bulk."""
    return {
        "case_id": case.pk,
        "seq": case.version,
        "verb": move.name,
        "from_state": before,
        "to_state": case.state,
        "at": now,
        "by_id": by.user_id,
        "by_duty": duty,
        "by_body_id": post.body_id if post else None,
        "is_public": move.is_public,
        "reason": say.reason.strip(),
        "note": say.note.strip(),
        "photos": list(say.photos),
        "data": dict(say.data),
    }


def tell_reporters(case: Case, step: Step, *, but: int | None = None) -> None:
    """Put a notice to every reporter of the case (and of cases merged into it) in the outbox: signed in, or known by telephone alone.

    A message costs and disturbs, so by telephone only what one waits for is told (`TOLD_BY_PHONE`). Who is anonymous left no number.
    """
    rows = list(Reporter.objects.filter(case_id=case.pk).only("user_id", "phone"))
    tell(case, step, "case.step", [row.user_id for row in rows if row.user_id != but])
    phones = [notices.Address(row.phone) for row in rows if row.user_id is None and row.phone]
    if phones and step.verb in TOLD_BY_PHONE:
        _queue(case, step, "case.step", phones)


TOLD_BY_PHONE = frozenset({"dispatch", "answer", "refuse", "refer", "settle", "merge", "suspend", "list_long_term", "close", "void"})
"""Who acts on it, what became of it, and what is put off."""


def tell(case: Case, step: Step, kind: str, to: Iterable[int | None]) -> None:
    """Queue one notice a person about a step; the key makes it once."""
    people = [pk for pk in to if pk is not None]
    if people:
        _queue(case, step, kind, people)


def _queue(case: Case, step: Step, kind: str, to: Iterable[int | notices.Address]) -> None:
    params = {"code": case.code, "verb": step.verb, "state": case.state}
    notices.queue(kind=kind, to=to, obj=case, params=params, key=f"{kind}:{case.pk}:{step.seq}")


def publish_move(case: Case, step: Step) -> None:
    events.publish(CaseMoved(case.pk, step.verb, step.from_state, step.to_state, step.by_id, step.at))
    if case.state == State.CLOSED and step.from_state != State.CLOSED:
        events.publish(CaseClosed(case.pk, step.by_id, step.at))
