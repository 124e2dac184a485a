"""What the codes stand for: categories, bodies, wordings; and where a photo is left before it is sent along."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from gongzhi.cases import queries
from gongzhi.cases.api.auth import TokenAuth, actor
from gongzhi.cases.api.schemas import PROBLEMS, BodyOut, CategoryOut, PhotoOut, WordingOut
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.forms import bodies_near
from gongzhi.cases.models import Wording
from gongzhi.community.directory import bodies
from gongzhi.community.models import Body
from gongzhi.community.territory import territory
from gongzhi.kernel import attachments

router = Router(tags=["cases"])


@router.get("/categories", response=list[CategoryOut], summary=gettext_noop("类别"), description=gettext_noop("类别树。不用令牌。"))
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


@router.get(
    "/bodies",
    auth=TokenAuth("cases:read", "cases:act"),
    response={200: list[BodyOut], **PROBLEMS},
    summary=gettext_noop("单位"),
    description=gettext_noop("可以承办的单位和代码。带上 case，只列这件诉求可以派给的单位。"),
)
def list_bodies(request: HttpRequest, case: Annotated[str, Query(max_length=40, description=gettext_noop("诉求编号"))] = "") -> Any:
    """Active bodies, or those a case can be given to."""
    if case:
        return [_body(row) for row in bodies_near(queries.get_case(actor(request), case))]
    return [_body(row) for row in sorted(bodies().values(), key=lambda row: row.code) if row.is_active]


def _body(row: Body) -> dict[str, Any]:
    node = territory().nodes.get(row.place_id)
    return {"code": row.code, "name": row.label, "kind": row.kind_id, "place_code": node.code if node else None, "phone": row.phone}


@router.get(
    "/wordings",
    auth=TokenAuth("cases:read", "cases:act"),
    response={200: list[WordingOut], **PROBLEMS},
    summary=gettext_noop("标准用语"),
    description=gettext_noop("不予受理的依据、应走的途径等，和它们的代码。"),
)
def list_wordings(
    request: HttpRequest,
    kind: Annotated[str, Query(max_length=24, description=gettext_noop("用途"), example="refusal_ground")] = "",
) -> Any:
    """The standard texts of this town, all or of one kind."""
    rows = Wording.objects.order_by("kind", "code")
    return [
        {"code": row.code, "kind": row.kind, "title": row.label, "text": row.words} for row in (rows.filter(kind=kind) if kind else rows)
    ]


@router.post(
    "/photos",
    auth=TokenAuth("cases:write", "cases:act"),
    response={201: PhotoOut, **PROBLEMS},
    summary=gettext_noop("传照片"),
    description=gettext_noop("先传照片，得到编号；提交或办理时把编号放进 photos。两天内没有用上就删掉。"),
)
def keep_photo(request: HttpRequest, file: Annotated[UploadedFile, File(description=gettext_noop("一张照片"))]) -> Any:
    """Keep one picture as the caller's draft."""
    row = attachments.store(upload=file, by=actor(request).user_id, field="file")
    return Status(201, {"token": row.token, "width": row.width, "height": row.height})
