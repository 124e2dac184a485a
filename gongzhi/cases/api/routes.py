"""/api/v1/cases and what belongs to it. Statements counted in tests: create at most 12, read and list at most 4."""

from __future__ import annotations

import json
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Status

from gongzhi.cases import queries, rules
from gongzhi.cases.actions import Report, open_case
from gongzhi.cases.actions.intake import Contact
from gongzhi.cases.actions.locating import Spot
from gongzhi.cases.acts import ACTS
from gongzhi.cases.api.auth import TokenAuth, actor
from gongzhi.cases.api.rows import case_row, step_row
from gongzhi.cases.api.schemas import ActIn, CaseDetailOut, CaseOut, CasePageOut, CategoryOut, CreatedOut, Refusal, ReportIn
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.forms import ActForm
from gongzhi.cases.models import Case
from gongzhi.cases.workflow import moves_from
from gongzhi.community.territory import LEVEL_FIELDS, territory
from gongzhi.kernel.errors import Conflict, DomainError, Missing

router = Router(tags=["cases"])
REFUSALS = {400: Refusal, 403: Refusal, 404: Refusal, 409: Refusal, 422: Refusal}


@router.get("/cases", auth=TokenAuth("cases:read"), response={200: CasePageOut, **REFUSALS})
def list_cases(
    request: HttpRequest,
    state: str = "",
    category: str = "",
    place: str = "",
    is_open: bool = True,
    late: bool = False,
    q: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[str, Query(max_length=60)] = "",
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """Cases in reach of the caller's posts: open ones by promised time, ended ones newest first; pages by key."""
    field, place_id = _area(place)
    states = tuple(one for one in state.split(",") if one)
    filters = queries.Filters(
        states=states, is_open=is_open, category_code=category, place_field=field, place_id=place_id, late=late, words=q
    )
    page = queries.list_cases(actor(request), filters, after=after, size=size)
    return {"items": [case_row(case) for case in page.rows], "next": page.next_key}


def _area(code: str) -> tuple[str, int | None]:
    if not code:
        return "", None
    node = territory().by_code.get(code)
    if node is None:
        raise DomainError(_("没有这个区域代码：%(code)s。") % {"code": code[:40]}, field="place")
    return LEVEL_FIELDS.get(node.rung or "", "place_id"), node.id


@router.post("/cases", auth=TokenAuth("cases:write"), response={201: CreatedOut, 200: CreatedOut, **REFUSALS})
def create_case(request: HttpRequest, body: ReportIn, idempotency_key: Annotated[str, Header(alias="Idempotency-Key")] = "") -> Any:
    """Report something. The same `Idempotency-Key` with the same body answers 200 with the case already made."""
    by = actor(request)
    staff = rules.can_take_reports(by)
    report = Report(
        description=body.description,
        channel=Case.Channel.API,
        category_code=body.category,
        spot=Spot(body.lng, body.lat, body.address, body.facility_tag, body.compound_tag, body.place_code),
        answers=body.answers,
        contact=Contact(body.name, body.phone),
        is_anonymous=body.is_anonymous,
        may_publish=body.may_publish,
        outside_key=body.outside_key,
        on_behalf=staff,
    )
    opened = open_case(report=report, by=by, key=idempotency_key, scope=f"api:{by.user_id}")
    case = opened.case
    row = {"code": case.code, "state": case.state, "resolve_due": case.resolve_due, "claim_code": opened.claim_code}
    return Status(200 if opened.was_known else 201, row)


@router.get("/cases/{code}", auth=TokenAuth("cases:read"), response={200: CaseDetailOut, **REFUSALS})
def read_case(request: HttpRequest, code: str) -> Any:
    """One case with its steps; a foreign one and one that does not exist answer alike."""
    by = actor(request)
    case = queries.get_case(by, code)
    inside = bool(by.held)
    steps = queries.list_steps(case, public_only=not inside)
    moves = moves_from(case.state, rules.duties(by, case)) if inside else []
    return {
        **case_row(case),
        "answers": case.attributes,
        "steps": [step_row(step, inside=inside) for step in steps],
        "acts": [move.name for move in moves],
    }


@router.post("/cases/{code}/acts/{name}", auth=TokenAuth("cases:act"), response={200: CaseOut, **REFUSALS})
def act_on_case(request: HttpRequest, code: str, name: str, body: ActIn) -> Any:
    """Make one move of the transition table; `values` are what the act asks for."""
    by = actor(request)
    act = ACTS.get(name)
    if act is None:
        raise Missing(_("没有“%(name)s”这种办理动作。") % {"name": name[:40]})
    case = queries.get_case(by, code)
    if body.version is not None and body.version != case.version:
        raise Conflict()
    lists = {ask.name for ask in act.asks if ask.kind == "photos"}
    form = ActForm(act, case, by, {name: value if name in lists else _as_typed(value) for name, value in body.values.items()})
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise DomainError(str(errors[0]), field=field)
    act.run(case, by, form.values())
    return case_row(case)


def _as_typed(value: Any) -> Any:
    """A value of JSON as a form would have sent it: forms read text."""
    return value if value is None or isinstance(value, str) else json.dumps(value)


@router.get("/categories", response=list[CategoryOut])
def list_categories(request: HttpRequest) -> Any:
    """The category tree; needs no token."""
    held = catalogue()
    return [
        {
            "code": row.code,
            "parent": held.by_id[row.parent_id].code if row.parent_id in held.by_id else None,
            "name": row.label,
            "kind": row.kind,
            "risk": row.risk,
            "is_public": row.is_public,
        }
        for row in held.by_id.values()
        if row.is_active
    ]
