"""One door to the record: an append-only row in the running transaction.

Each row carries a digest of its own content, so that a tree over the digests (and heads sent elsewhere) can be built
later without touching the rows. The database itself refuses UPDATE and DELETE (triggers, migration 0001).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from django.db import models
from django.utils.functional import Promise

from gongzhi.kernel import clock
from gongzhi.kernel.models.audit import AuditEntry, RecordIsFinal

__all__ = ["AuditEntry", "RecordIsFinal", "Ref", "digest_of", "entry", "is_intact", "record", "record_many"]


@dataclass(frozen=True, slots=True)
class Ref:
    """An object by name, where the row itself is not at hand (bulk building): label such as `cases.case`."""

    label: str
    pk: int
    code: str = ""


class HasUserId(Protocol):
    """An actor of an upper room; `body_id` is read too if it has one."""

    @property
    def user_id(self) -> int | None: ...


By = HasUserId | models.Model | int | None
"""Who acts: an actor with `user_id`, a user row, a user's id, or None for the system."""


def record(
    *,
    verb: str,
    obj: models.Model | Ref,
    by: By,
    facts: Mapping[str, Any] | None = None,
    body_id: int | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Write one line in the running transaction: one INSERT.

    `verb` is a stable English name such as `case.dispatched`.
    """
    row = entry(verb=verb, obj=obj, by=by, facts=facts, body_id=body_id, at=at)
    row.save()
    return row


def record_many(rows: Iterable[AuditEntry], *, batch_size: int | None = None) -> list[AuditEntry]:
    """Write lines made by `entry()` in one statement per batch."""
    return AuditEntry.objects.bulk_create(list(rows), batch_size=batch_size)


def entry(
    *,
    verb: str,
    obj: models.Model | Ref,
    by: By,
    facts: Mapping[str, Any] | None = None,
    body_id: int | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """The same line, unsaved. `obj` must have its id."""
    if obj.pk is None:
        raise ValueError(f"audit {verb}: the object has no id yet; save it first")
    label, code = (obj.label, obj.code) if isinstance(obj, Ref) else (obj._meta.label_lower, getattr(obj, "code", ""))
    row = AuditEntry(
        at=(at or clock.now()).astimezone(UTC),
        actor_id=actor_id(by),
        actor_body_id=body_id if body_id is not None else getattr(by, "body_id", None),
        verb=verb,
        object_type=label,
        object_id=obj.pk,
        object_code=str(code or ""),
        facts=_plain(facts or {}),
    )
    row.digest = digest_of(row)
    return row


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def digest_of(row: AuditEntry) -> str:
    """SHA-256 (hex) over the row's content, without its id.

    The content is canonical JSON: a list of the fields in the order below, UTC microseconds, sorted keys, no spaces.
    """
    moment = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [
        moment,
        row.actor_id,
        row.actor_body_id,
        row.verb,
        row.object_type,
        row.object_id,
        row.object_code,
        row.facts,
    ]
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def is_intact(row: AuditEntry) -> bool:
    """Whether the row still says what it said when it was written."""
    return row.digest == digest_of(row)


def actor_id(by: By) -> int | None:
    """The user's id of who acts; None for the system."""
    if by is None or isinstance(by, int):
        return by
    user_id = getattr(by, "user_id", None)
    return user_id if user_id is not None else getattr(by, "pk", None)


def _plain(value: Any) -> Any:
    """Only what comes back from both databases exactly as it went in, so that the digest still holds after reading."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    # jsonb writes 1e22 as a whole number and would give back another value: numbers with a point go in as text.
    if isinstance(value, str | float | Decimal | date | UUID | Promise):
        return str(value)
    raise TypeError(f"audit facts hold ids, codes and states, not {type(value).__name__}")
