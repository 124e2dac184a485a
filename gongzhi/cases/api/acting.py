"""/api/v1/acts and /api/v1/cases/…/acts/…: the same acts as the pages, by readable codes."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Path, Router
from pydantic import WithJsonSchema

from gongzhi.cases import queries
from gongzhi.cases.acts import ACTS
from gongzhi.cases.api.auth import TokenAuth, actor
from gongzhi.cases.api.filed import CaseCode
from gongzhi.cases.api.inputs import ActIn, ActValues
from gongzhi.cases.api.rows import case_row
from gongzhi.cases.api.schemas import PROBLEMS, ActOut, CaseOut
from gongzhi.cases.forms import ActForm, start_of
from gongzhi.cases.models import Case
from gongzhi.community.acting import Act
from gongzhi.community.directory import bodies
from gongzhi.kernel.errors import Conflict, DomainError, Missing

router = Router(tags=["cases"])
ActName = Annotated[
    str,
    WithJsonSchema({"type": "string", "enum": list(ACTS)}),  # written down only: an unknown one is answered in better words
    Path(description=gettext_noop("动作的名字，见 /acts"), example="accept"),
]
SPOT = ("lng", "lat", "address")


@router.get(
    "/acts", response=list[ActOut], summary=gettext_noop("办理动作"), description=gettext_noop("每个动作的名字，和它要填什么。不用令牌。")
)
def list_acts(request: HttpRequest) -> Any:
    """Every act and what it asks for; needs no token."""
    return [{"name": act.name, "label": str(act.label), "asks": _asks(act)} for act in ACTS.values()]


def _asks(act: Act) -> list[dict[str, Any]]:
    rows = []
    for ask in act.asks:
        common = {"label": str(ask.label), "required": ask.required, "help": str(ask.help)}
        rows += [{"name": name, **common} for name in (SPOT if ask.kind == "spot" else (ask.name,))]
    return rows


@router.post(
    "/cases/{code}/acts/{name}",
    auth=TokenAuth("cases:act"),
    response={200: CaseOut, **PROBLEMS},
    summary=gettext_noop("办理一件诉求"),
    description=gettext_noop("以您的岗位做一个动作。单位、类别、依据都填代码。办不了会说明原因，什么也不改。"),
)
def act_on_case(request: HttpRequest, code: CaseCode, name: ActName, body: ActIn) -> Any:
    """Make one move of the transition table; `values` are what the act asks for."""
    by = actor(request)
    act = ACTS.get(name)
    if act is None:
        raise Missing(_("没有“%(name)s”这种办理动作。") % {"name": name[:40]})
    case = queries.get_case(by, code)
    if body.version is not None and body.version != case.version:
        raise Conflict()
    form = ActForm(act, case, by, _as_form(act, case, body.values))
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise DomainError(str(errors[0]), field=field)
    act.run(case, by, form.values())
    return case_row(case)


def _as_form(act: Act, case: Case, values: ActValues | None) -> dict[str, Any]:
    """The values as the act's form reads them: what is there stays unless another value is given, codes become choices."""
    given = values.model_dump(exclude_unset=True, exclude_none=True) if values else {}
    asked = {row["name"] for row in _asks(act)}
    if surplus := [name for name in given if name not in asked]:
        raise DomainError(_("“%(act)s”不用填这一项，请去掉。") % {"act": act.label}, field=surplus[0])
    data = {**start_of(act, case), **given}
    if code := given.get("body"):
        data["body"] = next((pk for pk, row in bodies().items() if row.code == code), None)
        if data["body"] is None:
            raise DomainError(_("没有这个单位代码：%(code)s。可以从 /bodies 里查。") % {"code": code}, field="body")
    return data
