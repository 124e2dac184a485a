"""Who must act: dispatch by rule or by hand, hand on, return, its objection and ruling, helpers."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases.actions.moves import perform, tell
from gongzhi.cases.dispatch_choice import Choice, choose, staff_of
from gongzhi.cases.models import Case, Helper, Return, Step
from gongzhi.community.actors import Actor
from gongzhi.community.models import Body
from gongzhi.kernel import clock
from gongzhi.kernel.errors import Conflict, DomainError
from gongzhi.kernel.flow.tables import Saying


@transaction.atomic
def dispatch(*, case: Case, by: Actor, body: Body | None = None, reason: str = "", note: str = "") -> Step:
    """派单: to the body the rules name, or to `body` by hand with a reason. The case keeps which rule sent it."""
    choice = choose(case)
    if body is None:
        if choice is None:
            raise DomainError(_("没有规则说明该派给谁，请选择承办单位。"), field="body")
    elif choice is None or body.pk != choice.body_id:
        if not reason.strip():
            raise DomainError(_("您选的单位和规则不同，请写明原因。"), field="reason")
        choice = Choice(body.pk, None, reason.strip())
    return _send(case, "dispatch", by, choice, Saying(reason=reason, note=note))


@transaction.atomic
def hand_on(*, case: Case, by: Actor, body: Body, reason: str) -> Step:
    """转派: another body takes over; the clock stays as it is (首接负责)."""
    if body.pk == case.body_id:
        raise DomainError(_("这件诉求已经在这个单位。请选别的单位。"), field="body")
    return _send(case, "hand_on", by, Choice(body.pk, None, reason.strip()), Saying(reason=reason))


def _send(case: Case, name: str, by: Actor, choice: Choice, say: Saying) -> Step:
    data = {"body": choice.body_id, "from_body": case.body_id, "rule": choice.rule_id, "version": choice.version}
    changes = {"body_id": choice.body_id, "rule_id": choice.rule_id, "sent_because": choice.why[:240]}
    step = perform(case, name, by=by, say=Saying(say.reason, say.note, say.photos, data), changes=changes)
    Helper.objects.filter(case_id=case.pk, body_id=choice.body_id, left_at=None).update(left_at=step.at)
    tell(case, step, "case.given", staff_of(choice.body_id))
    return step


@transaction.atomic
def send_back(*, case: Case, by: Actor, reason: str) -> Step:
    """退单: "not ours", with the reason; the dispatcher accepts it or objects."""
    step = perform(case, "send_back", by=by, say=Saying(reason=reason))
    if case.body_id is None or by.user_id is None:
        raise Conflict()
    Return.objects.create(case=case, body_id=case.body_id, reason=reason.strip(), returned_by_id=by.user_id, returned_at=step.at)
    return step


def _open_return(case: Case) -> Return:
    row = Return.objects.filter(case_id=case.pk).order_by("-id").first()
    if row is None:
        raise Conflict()
    return row


@transaction.atomic
def accept_return(*, case: Case, by: Actor, reason: str = "") -> Step:
    """同意退单: the case waits for another dispatch; its clock keeps running."""
    row = _open_return(case)
    step = perform(case, "accept_return", by=by, say=Saying(reason=reason), changes={"body_id": None, "rule_id": None, "sent_because": ""})
    row.accepted_at = step.at
    row.save(update_fields=["accepted_at"])
    return step


@transaction.atomic
def object_to_return(*, case: Case, by: Actor, reason: str) -> Step:
    """不同意退单: the named adjudicator rules."""
    row = _open_return(case)
    step = perform(case, "object", by=by, say=Saying(reason=reason))
    row.objection, row.objected_by_id, row.objected_at = reason.strip(), by.user_id, step.at
    row.save(update_fields=["objection", "objected_by", "objected_at"])
    return step


@transaction.atomic
def rule_on_return(*, case: Case, by: Actor, body: Body, ground: str) -> Step:
    """权责裁定: the adjudicator names the body that must act, with the ground; it cannot be sent away again unheard."""
    row = _open_return(case)
    step = _send(case, "rule", by, Choice(body.pk, None, ground.strip()), Saying(reason=ground))
    row.ruling, row.ruled_by_id, row.ruled_at, row.ruled_to_id = ground.strip(), by.user_id, step.at, body.pk
    row.save(update_fields=["ruling", "ruled_by", "ruled_at", "ruled_to"])
    return step


@transaction.atomic
def add_helper(*, case: Case, by: Actor, body: Body, reason: str = "") -> Step:
    """增加协办: the lead stays; others must cooperate (首接负责)."""
    if body.pk == case.body_id:
        raise DomainError(_("这个单位已经是主办。请选别的单位。"), field="body")
    if Helper.objects.filter(case_id=case.pk, body_id=body.pk, left_at=None).exists():
        raise DomainError(_("这个单位已经在协办。"), field="body")
    step = perform(case, "add_helper", by=by, say=Saying(reason=reason, data={"body": body.pk}))
    Helper.objects.create(case=case, body=body, added_at=clock.now())
    tell(case, step, "case.given", staff_of(body.pk))
    return step


@transaction.atomic
def drop_helper(*, case: Case, by: Actor, body: Body, reason: str) -> Step:
    """退出协办, with its reason."""
    row = Helper.objects.filter(case_id=case.pk, body_id=body.pk, left_at=None).first()
    if row is None:
        raise DomainError(_("这个单位不在协办名单里。"), field="body")
    step = perform(case, "drop_helper", by=by, say=Saying(reason=reason, data={"body": body.pk}))
    row.left_at = step.at
    row.save(update_fields=["left_at"])
    return step
