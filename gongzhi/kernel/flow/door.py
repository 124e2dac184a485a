"""The one door through which a matter changes: check against its table, conditional write, step, audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from gongzhi.kernel import audit, clock
from gongzhi.kernel.audit import By
from gongzhi.kernel.errors import Conflict, DomainError, NotAllowed
from gongzhi.kernel.flow.tables import Move, Saying, Table
from gongzhi.kernel.models.flow import Matter, MatterStep

S = TypeVar("S", bound=MatterStep)
Held = Mapping[str, int | None]
"""What the one who acts is to the matter: duty -> the body he holds it for (None: for himself)."""


def begin(
    matter: Matter, first: S, *, by: By, duty: str = "", body_id: int | None = None, say: Saying | None = None, verb: str = "open"
) -> S:
    """Save a new matter in its first state with its first step; `first` is an unsaved step of the room's model."""
    now = clock.now()
    matter.version, matter.is_open, matter.opened_at, matter.updated_at = 1, True, now, now
    matter.save(force_insert=True)
    first.by_id = audit.actor_id(by)
    _fill(first, matter, verb, "", duty, body_id, say or Saying(), now)
    first.save(force_insert=True)
    audit.record(verb=f"{matter._meta.model_name}.{verb}", obj=matter, by=by, facts={"to": matter.state}, body_id=body_id)
    return first


def check(matter: Matter, table: Table, name: str, held: Held) -> tuple[Move, str]:
    """The row of the table and the duty that allows it; refuses in words otherwise."""
    move = table.moves[name]
    if move.duties.isdisjoint(held):
        raise NotAllowed(_("“%(act)s”不归您办理。如需办理，请联系负责的单位。") % {"act": move.label})
    if matter.state not in move.sources:
        words = {"what": table.what, "state": table.states(matter.state).label, "act": move.label}
        raise Conflict(_("%(what)s现在是“%(state)s”，不能再“%(act)s”。请刷新看看最新情况。") % words)
    return move, next(duty for duty in held if duty in move.duties)


def make_move(
    matter: Matter,
    table: Table,
    name: str,
    step: S,
    *,
    by: By,
    held: Held,
    say: Saying | None = None,
    changes: Mapping[str, Any] | None = None,
) -> S:
    """Make one move inside the running transaction and return its step, saved. `step` is an unsaved one of the room's model.

    `changes` are further columns of the matter. The write is conditional on the version read: of two people one wins and the
    other gets `Conflict`.
    """
    say = say or Saying()
    move, duty = check(matter, table, name, held)
    if move.needs_reason and not (say.reason or say.note).strip():
        raise DomainError(_("请写明原因或说明。"), field="reason")
    now, before, version = clock.now(), matter.state, matter.version
    values = {**(changes or {}), **_moved(matter, table, move, now)}
    if not type(matter)._default_manager.filter(pk=matter.pk, version=version, state=before).update(**values):
        raise Conflict()
    for column, value in values.items():
        setattr(matter, column, value)
    step.by_id = audit.actor_id(by)
    _fill(step, matter, name, before, duty, held[duty], say, now, is_public=move.is_public)
    step.save(force_insert=True)
    facts = {"from": before, "to": matter.state, "seq": step.seq}
    audit.record(verb=f"{matter._meta.model_name}.{name}", obj=matter, by=by, facts=facts, body_id=held[duty])
    return step


def _moved(matter: Matter, table: Table, move: Move, now: dt.datetime) -> dict[str, Any]:
    state = move.target or matter.state
    is_open = state in table.open
    closed = None if is_open else matter.closed_at or now
    return {"state": state, "version": matter.version + 1, "is_open": is_open, "closed_at": closed, "updated_at": now}


def _fill(
    step: MatterStep,
    matter: Matter,
    verb: str,
    before: str,
    duty: str,
    body_id: int | None,
    say: Saying,
    now: dt.datetime,
    *,
    is_public: bool = True,
) -> None:
    step.seq, step.verb, step.from_state, step.to_state, step.at = matter.version, verb, before, matter.state, now
    step.by_duty, step.by_body_id, step.is_public = duty, body_id, is_public
    step.reason, step.note, step.photos, step.data = say.reason.strip(), say.note.strip(), list(say.photos), dict(say.data)
