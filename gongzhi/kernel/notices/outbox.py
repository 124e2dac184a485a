"""Writing notices in the transaction of the act."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from gongzhi.kernel import clock
from gongzhi.kernel.audit import Ref
from gongzhi.kernel.models.notices import IN_APP, Notice
from gongzhi.kernel.notices.words import path_of

MAX_KEY = 160


@dataclass(frozen=True, slots=True)
class Address:
    """One who has no account: a telephone number, kept encrypted until 30 days after it was used."""

    phone: str


To = int | Address


def queue(
    *,
    kind: str,
    to: Iterable[To] | To,
    obj: models.Model | Ref | None = None,
    params: Mapping[str, Any] | None = None,
    key: str,
    channels: Sequence[str] = (),
    send_after: datetime | None = None,
) -> None:
    """Write one notice per receiver and channel, all in one statement, in the running transaction.

    `to`: user ids or `Address`. `key` names the occasion: the same occasion queued again adds nothing. Without
    `channels`, users are told in the app, addresses by `settings.GONGZHI_NOTICE_CHANNEL` (the console by default).
    """
    receivers = [to] if isinstance(to, int | Address) else list(dict.fromkeys(to))
    rows = [
        row(kind=kind, to=one, obj=obj, params=params, key=key, channel=channel, send_after=send_after)
        for one in receivers
        for channel in (channels or _usual(one))
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)


def row(
    *,
    kind: str,
    to: To,
    obj: models.Model | Ref | None = None,
    params: Mapping[str, Any] | None = None,
    key: str,
    channel: str | None = None,
    send_after: datetime | None = None,
) -> Notice:
    """The same notice, unsaved, for bulk building."""
    channel = channel or _usual(to)[0]
    now = clock.now()
    values = dict(params or {})
    label = "" if obj is None else obj.label if isinstance(obj, Ref) else obj._meta.label_lower
    return Notice(
        recipient_id=to if isinstance(to, int) else None,
        address=to.phone if isinstance(to, Address) else "",
        channel=channel,
        kind=kind,
        params=values,
        object_type=label,
        object_id=obj.pk if obj else None,
        url=path_of(kind, values),
        key=_key(key, to, channel),
        created_at=now,
        send_after=send_after or now,
        sent_at=now if channel == IN_APP else None,
    )


def _usual(to: To) -> tuple[str, ...]:
    return (IN_APP,) if isinstance(to, int) else (getattr(settings, "GONGZHI_NOTICE_CHANNEL", "console"),)


def _key(key: str, to: To, channel: str) -> str:
    """One key per occasion, receiver and channel; a telephone number is in it as a hash only."""
    who = str(to) if isinstance(to, int) else hashlib.sha256(f"{key}:{to.phone}".encode()).hexdigest()[:16]
    whole = f"{key}:{who}:{channel}"
    return whole if len(whole) <= MAX_KEY else hashlib.sha256(whole.encode()).hexdigest()
