"""At the desk: accept, answer at once, refuse with a notice, refer to its legal way, correct, merge, link, publish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases import timing
from gongzhi.cases.actions.locating import Spot, category_named, place_changes, text_for_search
from gongzhi.cases.actions.moves import perform
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, Reporter, Step
from gongzhi.cases.workflow import RESOLVE, State
from gongzhi.community.actors import Actor
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.flow.tables import Saying


@transaction.atomic
def accept(*, case: Case, by: Actor, note: str = "") -> Step:
    """受理: the case will be worked."""
    return perform(case, "accept", by=by, say=Saying(note=note))


@transaction.atomic
def answer(*, case: Case, by: Actor, note: str) -> Step:
    """咨询即答: the reply is the end of it."""
    return perform(case, "answer", by=by, say=Saying(note=note), changes={"outcome": "explained"})


@transaction.atomic
def refuse(*, case: Case, by: Actor, note: str, ground: str = "") -> Step:
    """不予受理, with the written notice 告知书: `note` is its reason, `ground` the code of a standard wording."""
    return perform(case, "refuse", by=by, say=Saying(note=note, data={"ground": ground}))


@transaction.atomic
def refer(*, case: Case, by: Actor, note: str, route: str) -> Step:
    """转法定途径: 信访, 仲裁, 诉讼, 复议; the notice names the way."""
    if not route.strip():
        raise DomainError(_("请选择应当走的法定途径。"), field="route")
    return perform(case, "refer", by=by, say=Saying(note=note, data={"route": route}))


@transaction.atomic
def correct(*, case: Case, by: Actor, reason: str, category_code: str | None = None, spot: Spot | None = None) -> Step:
    """Put a wrong category or place right; the promised time follows a new category, and the step says both times."""
    changes: dict[str, Any] = {}
    data: dict[str, Any] = {}
    if category_code is not None:
        changes |= _recategorised(case, category_code, data)
    if spot is not None:
        changes |= place_changes(spot)
        data["place"] = [case.place_id, changes["place_id"]]
    if not changes:
        raise DomainError(_("没有要更正的内容。请先修改类别或地点。"), field="category")
    changes["search_text"] = text_for_search(case.code, case.description, changes.get("address", case.address))
    return perform(case, "correct", by=by, say=Saying(reason=reason, data=data), changes=changes)


def _recategorised(case: Case, code: str, data: dict[str, Any]) -> Mapping[str, Any]:
    category = category_named(code)
    data["category"] = [case.category_id, category.pk]
    promise = timing.promise(RESOLVE, category.pk, case.clock_from)
    changes: dict[str, Any] = {"category_id": category.pk}
    if promise.due and case.resolved_at is None and not case.extended_times:
        data["due"] = [case.resolve_due.isoformat() if case.resolve_due else None, promise.due.isoformat()]
        changes |= {"resolve_due": promise.due, "resolve_unit": promise.unit}
    if not category.is_public:
        changes["is_public"] = False
    return changes


@transaction.atomic
def merge(*, case: Case, into: Case, by: Actor, reason: str) -> Step:
    """并案: this case ends in `into`; its reporters move along and are told of everything from now on."""
    if into.pk == case.pk:
        raise DomainError(_("不能并到它自己。请填写另一件诉求的编号。"), field="into")
    if not into.is_open:
        raise DomainError(_("要并入的诉求已经结束，请选一件还在办的。"), field="into")
    step = perform(
        case,
        "merge",
        by=by,
        say=Saying(reason=reason, note=_("已并入 %(code)s 一起办理。") % {"code": into.code}, data={"into": into.pk}),
        changes={"merged_into_id": into.pk},
    )
    known = set(Reporter.objects.filter(case_id=into.pk, user__isnull=False).values_list("user_id", flat=True))
    rows = [row for row in Reporter.objects.filter(case_id=case.pk) if row.user_id is None or row.user_id not in known]
    Reporter.objects.bulk_create([_moved(row, into, step) for row in rows])
    return step


def _moved(row: Reporter, into: Case, step: Step) -> Reporter:
    return Reporter(
        case_id=into.pk,
        user_id=row.user_id,
        relation=Reporter.Relation.MERGED,
        name=row.name,
        phone=row.phone,
        phone_index=row.phone_index,
        claim_index=row.claim_index,
        is_anonymous=row.is_anonymous,
        joined_at=step.at,
    )


@transaction.atomic
def link_repeat(*, case: Case, to: Case, by: Actor, reason: str) -> Step:
    """重复诉求: linked, not merged; both go on."""
    if to.pk == case.pk:
        raise DomainError(_("不能关联它自己。请填写另一件诉求的编号。"), field="into")
    return perform(case, "link_repeat", by=by, say=Saying(reason=reason, data={"to": to.pk}), changes={"repeat_of_id": to.pk})


@transaction.atomic
def publish_words(*, case: Case, by: Actor, words: str, is_public: bool) -> Step:
    """Let the case out to the public map and list in words the desk has checked, or take it back."""
    category = catalogue().by_id.get(case.category_id or 0)
    if is_public and not (case.may_publish and category and category.is_public):
        raise DomainError(_("反映人没有同意公开，或这类诉求不公开。"), field="is_public")
    if is_public and not words.strip():
        raise DomainError(_("请写一句可以公开的话，不要写姓名、电话和门牌。"), field="words")
    if case.state == State.VOID:
        raise DomainError(_("已作废的诉求不公开。"), field="is_public")
    return perform(case, "publish_words", by=by, changes={"is_public": is_public, "public_words": words.strip()})
