"""Who complained is opened only by purpose + case + log (privacy.md 5). The log is written first; no log, no data."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases import rules
from gongzhi.cases.models import Case, Look, Reporter
from gongzhi.community.actors import Actor
from gongzhi.kernel import audit, clock
from gongzhi.kernel.errors import DomainError, Missing, NotAllowed


@dataclass(frozen=True, slots=True)
class Revealed:
    """The contact of one reporter, for one look."""

    name: str
    phone: str


@transaction.atomic
def reveal_reporter(*, case: Case, reporter_id: int, by: Actor, purpose: str) -> Revealed:
    """Open one reporter's name and phone for a stated purpose. An anonymous reporter stays closed."""
    post = rules.can_reveal(by, case)
    if post is None or by.user_id is None:
        raise NotAllowed(_("只有负责受理、派遣、承办或核查这件诉求的人可以查看联系方式。"))
    if len(purpose.strip()) < 4:
        raise DomainError(_("请写明为什么要联系反映人，反映人会看到。"), field="purpose")
    row = Reporter.objects.filter(pk=reporter_id, case_id=case.pk).select_related("user").first()
    if row is None:
        raise Missing()
    if row.is_anonymous:
        raise NotAllowed(_("反映人选择了匿名，联系方式不开放。可以在“回复进展”里留言，反映人凭查询码能看到。"))
    Look.objects.create(
        case=case, reporter=row, by_id=by.user_id, by_body_id=post.body_id, by_role=post.role, purpose=purpose.strip()[:200], at=clock.now()
    )
    audit.record(verb="case.reveal", obj=case, by=by.user_id, facts={"reporter": row.pk, "role": post.role})
    account = row.user  # who reported while signed in gave no contact of his own: his account has it
    return Revealed(row.name or (account.display_name if account else ""), row.phone or (account.phone if account else "") or "")
