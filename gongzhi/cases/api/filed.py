"""/api/v1/cases: list, report, read. Statements counted in tests: create at most 12, read and list at most 4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Header, Path, Query, Router, Status

from gongzhi.cases import queries, rules
from gongzhi.cases.actions import Report, open_case
from gongzhi.cases.actions.checking import is_drawn
from gongzhi.cases.actions.intake import Contact
from gongzhi.cases.actions.locating import Spot, category_named
from gongzhi.cases.acts import ACTS
from gongzhi.cases.api.auth import TokenAuth, actor
from gongzhi.cases.api.inputs import ReportIn
from gongzhi.cases.api.rows import case_row, step_row
from gongzhi.cases.api.schemas import PROBLEMS, CaseDetailOut, CasePageOut, CreatedOut
from gongzhi.cases.models import Case, Step
from gongzhi.cases.workflow import REQUESTS, State, moves_from
from gongzhi.community.actors import Actor
from gongzhi.community.territory import LEVEL_FIELDS, territory
from gongzhi.kernel.errors import DomainError

router = Router(tags=["cases"])
KEY = r"^(\d{1,18}(_\d{1,18})?)?$"
CaseCode = Annotated[str, Path(description=gettext_noop("诉求编号"), example="GZ-234-5678-9ABC")]


@router.get(
    "/cases",
    auth=TokenAuth("cases:read"),
    response={200: CasePageOut, **PROBLEMS},
    summary=gettext_noop("诉求列表"),
    description=gettext_noop("您的岗位能看到的诉求。未办结的按承诺时间排，已办结的新的在前；用 next 翻下一页。"),
)
def list_cases(
    request: HttpRequest,
    state: Annotated[str, Query(description=gettext_noop("状态，几个用逗号隔开"), example="registered,accepted")] = "",
    category: Annotated[str, Query(description=gettext_noop("类别代码，连同下级"))] = "",
    place: Annotated[str, Query(description=gettext_noop("区域代码"))] = "",
    is_open: Annotated[bool, Query(description=gettext_noop("true 未办结，false 已办结"))] = True,
    late: Annotated[bool, Query(description=gettext_noop("只看超时的"))] = False,
    q: Annotated[str, Query(max_length=100, description=gettext_noop("要找的字"))] = "",
    after: Annotated[str, Query(max_length=60, pattern=KEY, description=gettext_noop("上一页给出的 next"))] = "",
    size: Annotated[int, Query(ge=1, le=200, description=gettext_noop("一页几件"))] = 50,
) -> Any:
    """Cases in reach of the caller's posts; pages by key."""
    field, place_id = _area(place)
    if category:
        category_named(category)
    filters = queries.Filters(
        states=_states(state), is_open=is_open, category_code=category, place_field=field, place_id=place_id, late=late, words=q
    )
    page = queries.list_cases(actor(request), filters, after=after, size=size)
    return {"items": [case_row(case) for case in page.rows], "next": page.next_key}


def _states(text: str) -> tuple[str, ...]:
    states = tuple(one.strip() for one in text.split(",") if one.strip())
    if unknown := [one for one in states if one not in State.values]:
        raise DomainError(
            _("没有“%(state)s”这种状态。可以填：%(all)s。") % {"state": unknown[0][:40], "all": ", ".join(State.values)}, field="state"
        )
    return states


def _area(code: str) -> tuple[str, int | None]:
    if not code:
        return "", None
    node = territory().by_code.get(code)
    if node is None:
        raise DomainError(_("没有这个区域代码：%(code)s。") % {"code": code[:40]}, field="place")
    return LEVEL_FIELDS.get(node.rung or "", "place_id"), node.id


@router.post(
    "/cases",
    auth=TokenAuth("cases:write"),
    response={201: CreatedOut, 200: CreatedOut, **PROBLEMS},
    summary=gettext_noop("提交诉求"),
    description=gettext_noop("写清什么事、在哪里。带上 Idempotency-Key，同一份内容重发不会登记两次，第二次答 200。"),
)
def create_case(
    request: HttpRequest,
    body: ReportIn,
    idempotency_key: Annotated[
        str, Header(alias="Idempotency-Key", max_length=200, description=gettext_noop("您自己编的一串字，每份诉求一个"))
    ] = "",
) -> Any:
    """Report something. The same `Idempotency-Key` with the same body answers 200 with the case already made."""
    by = actor(request)
    report = Report(
        description=body.description,
        channel=Case.Channel.API,
        category_code=body.category,
        spot=Spot(body.lng, body.lat, body.address, body.facility_tag, body.compound_tag, body.place_code),
        answers=body.answers,
        photos=tuple(dict.fromkeys(body.photos)),
        contact=Contact(body.name, body.phone),
        is_anonymous=body.is_anonymous,
        may_publish=body.may_publish,
        outside_key=body.outside_key,
        on_behalf=rules.can_take_reports(by),
    )
    opened = open_case(report=report, by=by, key=idempotency_key, scope=f"api:{by.user_id}")
    case = opened.case
    row = {"code": case.code, "state": case.state, "resolve_due": case.resolve_due, "claim_code": opened.claim_code}
    return Status(200 if opened.was_known else 201, row)


@router.get(
    "/cases/{code}",
    auth=TokenAuth("cases:read"),
    response={200: CaseDetailOut, **PROBLEMS},
    summary=gettext_noop("看一件诉求"),
    description=gettext_noop("连同每一步，和您现在能办的动作（acts）。"),
)
def read_case(request: HttpRequest, code: CaseCode) -> Any:
    """One case with its steps; a foreign one and one that does not exist answer alike."""
    by = actor(request)
    case = queries.get_case(by, code)
    inside = bool(by.held)
    steps = queries.list_steps(case, public_only=not inside)
    return {
        **case_row(case),
        "answers": case.attributes,
        "steps": [step_row(step, inside=inside) for step in steps],
        "acts": _acts(by, case, steps),
    }


def _acts(by: Actor, case: Case, steps: Sequence[Step]) -> list[str]:
    """The acts the caller may do now: an approval only while something is asked, a second look only where one is due."""
    allowed = {move.name for move in moves_from(case.state, rules.duties(by, case))}
    allowed = allowed | {"grant"} if _asked(steps) in allowed else allowed - {"deny"}
    if not _awaits_second_look(case, steps):
        allowed.discard("look_over")
    return [act.name for act in ACTS.values() if (act.move or act.name) in allowed]


# Both are told by the steps that are read anyway: reading stays at four statements for an approver too.
def _asked(steps: Sequence[Step]) -> str:
    """What was asked for last and not decided since."""
    asking = {move: kind for kind, move in REQUESTS.items()}
    last = next((step.verb for step in reversed(steps) if step.verb in asking or step.verb in REQUESTS or step.verb == "deny"), "")
    return asking.get(last, "")


def _awaits_second_look(case: Case, steps: Sequence[Step]) -> bool:
    """Closed on the spot, drawn, and nobody has looked since."""
    last = next((step.verb for step in reversed(steps) if step.verb in ("settle", "look_over", "reopen", "look_again")), "")
    return last == "settle" and is_drawn(case)
