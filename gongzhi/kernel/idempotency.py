"""The same key does a thing once, whoever repeats it: a thumb, a retrying phone, two servers at the same moment.

All of it happens inside the action's own transaction: the key and what was done under it are kept together or not at
all. A second caller with the same key waits for the first one's commit (on PostgreSQL by the unique index, on SQLite
by the write lock) and then gets the same outcome.

    with transaction.atomic(), once(scope=f"case.open:{user_id}", key=key, body=data) as claim:
        if claim.is_replay:
            return claim.outcome
        case = ...
        claim.finish({"id": case.pk})
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from gongzhi.kernel import clock
from gongzhi.kernel.errors import KeyReused
from gongzhi.kernel.models.idempotency import IdempotencyKey
from gongzhi.kernel.tasks import periodic

KEEP = timedelta(days=30)
MAX_KEY = 120
DAY = 24 * 3600


class Replay(Exception):  # not an error: the way out of an action that was done before
    """Raised by `remember()`: this was done before, and `outcome` is what came of it.

    The transaction should roll back.
    """

    def __init__(self, outcome: Any) -> None:
        super().__init__("done before under this key")
        self.outcome = outcome


@dataclass(slots=True)
class Claim:
    """The right to do it (then `finish(outcome)`), or what came of it the first time (`is_replay`, `outcome`)."""

    row_id: int | None = None
    is_replay: bool = False
    outcome: Any = None
    is_finished: bool = False

    def finish(self, outcome: Any) -> None:
        """Keep what came of it: JSON values such as ids and codes."""
        self.outcome, self.is_finished = outcome, True
        if self.row_id is not None:
            IdempotencyKey.objects.filter(pk=self.row_id).update(outcome=outcome)


def begin(*, scope: str, key: str | None, body: Any) -> Claim:
    """Claim a key inside the running transaction: one INSERT when it is new, and one UPDATE by `finish()`.

    Without a key there is nothing to keep, and every call is a first one. Raises KeyReused for another body.
    """
    if not key:
        return Claim()
    body_hash = hash_of(body)
    if row_id := _insert(scope, key, body_hash, None):
        return Claim(row_id=row_id)
    return Claim(is_replay=True, is_finished=True, outcome=_stored(scope, key, body_hash))


@contextmanager
def once(*, scope: str, key: str | None, body: Any) -> Iterator[Claim]:
    """`begin()`, seeing to it that the claim is finished: a forgotten outcome would answer repeats with nothing."""
    claim = begin(scope=scope, key=key, body=body)
    yield claim
    if key and not claim.is_finished:
        raise RuntimeError(f"the claim of {scope} was not finished")


def remember(*, scope: str, key: str | None, body: Any, outcome: Any) -> None:
    """The shortest way, one INSERT, for an action that knows its outcome beforehand (a code or an id it made itself).

    Raises Replay with the stored outcome if it was done before, KeyReused for another body.
    """
    if not key:
        return
    body_hash = hash_of(body)
    if not _insert(scope, key, body_hash, outcome):
        raise Replay(_stored(scope, key, body_hash))


def find(*, scope: str, key: str | None, body: Any) -> Claim | None:
    """What was done under this key, if anything: asked at the entrance, before work that is better not begun again.

    It claims nothing. Raises KeyReused for another body.
    """
    if not key:
        return None
    row = IdempotencyKey.objects.filter(scope=scope, key=_short(key)).values_list("body_hash", "outcome").first()
    if row is None:
        return None
    if row[0] != hash_of(body):
        raise KeyReused
    return Claim(is_replay=True, is_finished=True, outcome=row[1])


def hash_of(body: Any) -> str:
    """SHA-256 (hex) of a body: bytes and text as they are, anything else as canonical JSON."""
    if isinstance(body, bytes):
        return hashlib.sha256(body).hexdigest()
    if not isinstance(body, str):
        body = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
    return hashlib.sha256(body.encode()).hexdigest()


@periodic(seconds=DAY)
def forget_old_keys() -> int:
    """Keys older than 30 days; the number forgotten."""
    return IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEEP).delete()[0]


def _insert(scope: str, key: str, body_hash: str, outcome: Any) -> int | None:
    """The new row's id, or None if the key exists: without an error, so that a PostgreSQL transaction stays usable."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an idempotency key is claimed inside the action's transaction")
    meta = IdempotencyKey._meta
    row = IdempotencyKey(scope=scope, key=_short(key), body_hash=body_hash, outcome=outcome, created_at=clock.now())
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join("%s" for _ in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING RETURNING id",  # noqa: S608
            values,
        )
        found = cursor.fetchone()
    return found[0] if found else None


def _stored(scope: str, key: str, body_hash: str) -> Any:
    stored_hash, outcome = IdempotencyKey.objects.values_list("body_hash", "outcome").get(scope=scope, key=_short(key))
    if stored_hash != body_hash:
        raise KeyReused
    return outcome


def _short(key: str) -> str:
    """Any key fits the column: a long or unprintable one by its hash."""
    return key if len(key) <= MAX_KEY and key.isprintable() else hashlib.sha256(key.encode()).hexdigest()
