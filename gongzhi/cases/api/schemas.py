"""What comes out of the API.

Closed sets are named in the document and not checked on the way out: a row of another day never ends in a fault.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from gongzhi.cases.models import Case, Category
from gongzhi.cases.workflow import Duty, Outcome, State


def _one_of(values: Iterable[str]) -> Any:
    return Field(json_schema_extra={"enum": [*values]})


StateName = Annotated[str, _one_of(State.values)]
Channel = Annotated[str, _one_of(Case.Channel.values)]


class Fault(Schema):
    """One input that is wrong, and what to do about it."""

    field: str
    detail: str


class Problem(Schema):
    """Why not (RFC 9457): `detail` can be acted on, `field` names the input it is about, `errors` all of them."""

    status: int
    code: str
    detail: str
    field: str | None = None
    errors: list[Fault] = []


class CreatedOut(Schema):
    """The number to keep; `claim_code` only for reports without a name, shown this once."""

    code: str
    state: StateName
    resolve_due: dt.datetime | None
    claim_code: str | None = None


class CaseOut(Schema):
    """A case as a list shows it."""

    code: str
    state: StateName
    is_open: bool
    outcome: Annotated[str, _one_of(["", *Outcome.values])]
    channel: Channel
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
    from_state: Annotated[str, _one_of(["", *State.values])]
    to_state: StateName
    at: dt.datetime
    by_duty: Annotated[str, _one_of(["", *Duty.values])]
    by_body: str | None
    note: str
    reason: str | None
    data: dict[str, Any]


class CaseDetailOut(CaseOut):
    """A case with its steps, its answers and the acts the caller may do now."""

    answers: dict[str, Any]
    steps: list[StepOut]
    acts: list[str]


class CasePageOut(Schema):
    """A page; pass `next` as `after` for the following one."""

    items: list[CaseOut]
    next: str | None


class CategoryOut(Schema):
    """A category, its parent by code, and what it asks."""

    code: str
    parent: str | None
    name: str
    kind: Annotated[str, _one_of(Category.Kind.values)]
    risk: Annotated[str, _one_of(Category.Risk.values)]
    is_public: bool


class BodyOut(Schema):
    """A body that can be given work."""

    code: str
    name: str
    kind: str
    place_code: str | None
    phone: str


class WordingOut(Schema):
    """A standard text of this town."""

    code: str
    kind: str
    title: str
    text: str


class AskOut(Schema):
    """One thing an act asks for, under its name in `values`."""

    name: str
    label: str
    required: bool
    help: str


class ActOut(Schema):
    """An act by name, and what it asks for."""

    name: str
    label: str
    asks: list[AskOut]


class PhotoOut(Schema):
    """The token to send along as one of `photos`."""

    token: str
    width: int
    height: int


PROBLEMS = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)
"""What every call with a token may answer."""
ANSWERS = {
    200: gettext_noop("好了"),
    201: gettext_noop("已收下"),
    400: gettext_noop("内容不对：看 detail 和 field"),
    401: gettext_noop("没有令牌，或令牌已经失效"),
    403: gettext_noop("令牌或岗位不能办这件事"),
    404: gettext_noop("没有找到，或您看不到"),
    409: gettext_noop("别人刚刚改过，请先看最新情况"),
    422: gettext_noop("类型或格式不对：看 errors"),
}
"""The same for the reader."""
