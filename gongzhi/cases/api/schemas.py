"""What goes in and out of the API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Schema


class Refusal(Schema):
    """Why not, in words that can be acted on; `field` names the input it is about."""

    code: str
    message: str
    field: str | None = None


class ReportIn(Schema):
    """A report. A place is a point, an address, the tag of a QR, or a place's code."""

    description: str = Field("", max_length=4000)
    category: str = Field("", max_length=32)
    lng: float | None = None
    lat: float | None = None
    address: str = Field("", max_length=200)
    facility_tag: str = Field("", max_length=24)
    compound_tag: str = Field("", max_length=24)
    place_code: str = Field("", max_length=20)
    answers: dict[str, Any] = {}
    is_anonymous: bool = False
    may_publish: bool = False
    name: str = Field("", max_length=40)
    phone: str = Field("", max_length=20)
    outside_key: str | None = Field(None, max_length=64)


class CreatedOut(Schema):
    """The number to keep; `claim_code` only for reports without a name, shown this once."""

    code: str
    state: str
    resolve_due: dt.datetime | None
    claim_code: str | None = None


class CaseOut(Schema):
    """A case as a list shows it."""

    code: str
    state: str
    is_open: bool
    outcome: str
    channel: str
    category: str | None
    description: str
    place_code: str | None
    address: str
    lng: float | None
    lat: float | None
    body: str | None
    registered_at: dt.datetime
    updated_at: dt.datetime
    accept_due: dt.datetime | None
    respond_due: dt.datetime | None
    resolve_due: dt.datetime | None
    resolved_at: dt.datetime | None
    closed_at: dt.datetime | None
    is_late: bool
    rating: int | None
    version: int


class StepOut(Schema):
    """One step: who (by duty and unit), when, what was said."""

    seq: int
    verb: str
    from_state: str
    to_state: str
    at: dt.datetime
    by_duty: str
    by_body: str | None
    note: str
    reason: str | None
    data: dict[str, Any]


class CaseDetailOut(CaseOut):
    """A case with its steps, its answers and what the caller may do now."""

    answers: dict[str, Any]
    steps: list[StepOut]
    acts: list[str]


class CasePageOut(Schema):
    """A page; pass `next` as `after` for the following one."""

    items: list[CaseOut]
    next: str | None


class ActIn(Schema):
    """What an act asks for; `version` is the case as the caller saw it."""

    version: int | None = None
    values: dict[str, Any] = {}


class CategoryOut(Schema):
    code: str
    parent: str | None
    name: str
    kind: str
    risk: str
    is_public: bool
