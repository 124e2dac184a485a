"""One case from every channel (mission 10): opened once per idempotency key, located, promised, and told to who must know."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gongzhi.cases import timing
from gongzhi.cases.actions.asking import checked_answers
from gongzhi.cases.actions.locating import Spot, category_named, place_changes, text_for_search
from gongzhi.cases.claims import claim_index
from gongzhi.cases.events import CaseRegistered, ReporterJoined
from gongzhi.cases.models import Case, Reporter, Step
from gongzhi.cases.workflow import ACCEPT, FIRST, RESOLVE, RESPOND, Duty
from gongzhi.community.actors import Actor
from gongzhi.kernel import attachments, audit, clock, codes, crypto, events, idempotency, notices
from gongzhi.kernel.errors import DomainError

LONGEST = 4000
REPEAT = dt.timedelta(days=90)
RECENT = 50
"""Reports of one person that are looked through for an earlier one of the same kind."""
SEALED_AS = "cases.intake.claim"


@dataclass(frozen=True, slots=True)
class Contact:
    """Who can be called back; kept apart and encrypted."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported, as any channel gives it. `answers` are the category's questions by code."""

    description: str
    channel: str
    category_code: str = ""
    spot: Spot = Spot()
    answers: Mapping[str, Any] = field(default_factory=dict)
    photos: tuple[str, ...] = ()
    contact: Contact = Contact()
    is_anonymous: bool = False
    may_publish: bool = False
    outside_key: str | None = None
    on_behalf: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The case with the claim code 查询码 to keep (shown this once; None where the reporter is signed in and named)."""

    case: Case
    claim_code: str | None = None
    was_known: bool = False


def open_case(*, report: Report, by: Actor, key: str = "", scope: str = "") -> Opened:
    """登记: one case per (scope, key); the same key and body answers with the case already made."""
    _check(report)
    try:
        with transaction.atomic():
            return _open(report, by, key, scope)
    except idempotency.Replay as replay:
        return _known(replay.outcome)
    except IntegrityError:
        known = Case.objects.filter(outside_key=report.outside_key).first() if report.outside_key else None
        if known is None:
            raise
        return Opened(known, was_known=True)


def _open(report: Report, by: Actor, key: str, scope: str) -> Opened:
    code, claim = codes.new_code("GZ"), _claim_code(report, by)
    if key:
        sealed = crypto.seal(claim, SEALED_AS) if claim else ""
        scope, key = _unlinked(scope, key) if report.is_anonymous else (scope, key)
        idempotency.remember(scope=f"case.open:{scope}", key=key, body=_body(report), outcome={"code": code, "claim": sealed})
    case = _new_case(report, by, code)
    case.repeat_of_id = _earlier(case, report, by)
    case.save(force_insert=True)
    _write_rest(case, report, by, claim)
    return Opened(case, claim)


def _unlinked(scope: str, key: str) -> tuple[str, str]:
    """The same repeat guard without the name of the account: what is kept cannot say whose key it was."""
    return "anonymous", hashlib.sha256(f"{scope}:{key}".encode()).hexdigest()


def _known(outcome: Mapping[str, Any]) -> Opened:
    claim = crypto.unseal(outcome["claim"], SEALED_AS) if outcome["claim"] else None
    return Opened(Case.objects.get(code=outcome["code"]), claim, was_known=True)


def _check(report: Report) -> None:
    if not report.description.strip() and not report.photos:
        raise DomainError(_("请写几句话，或拍一张照片，说明是什么事。"), field="description")
    if len(report.description) > LONGEST:
        raise DomainError(_("内容太长了，请控制在 %(n)d 字以内。") % {"n": LONGEST}, field="description")
    if "\\u0000" in json.dumps([_body(report), report.outside_key], cls=DjangoJSONEncoder):
        raise DomainError(_("内容里有看不见的特殊字符，请删掉后重新填写。"), field="description")


def _claim_code(report: Report, by: Actor) -> str | None:
    named = by.user_id is not None and not report.on_behalf and not report.is_anonymous
    return None if named else codes.claim_code()


def _body(report: Report) -> dict[str, Any]:
    spot = report.spot
    return {
        "description": report.description,
        "category": report.category_code,
        "spot": [spot.lng, spot.lat, spot.address, spot.facility_tag, spot.compound_tag, spot.place_code],
        "answers": dict(report.answers),
        "photos": list(report.photos),
        "contact": [report.contact.name, report.contact.phone],
        "anonymous": report.is_anonymous,
    }


def _earlier(case: Case, report: Report, by: Actor) -> int | None:
    """重复诉求: the same person's last case of the same category in the same community, within `REPEAT`. Anonymous ones have none."""
    phone = report.contact.phone.strip()
    own = by.user_id if not report.on_behalf else None
    if report.is_anonymous or case.found_by_us or case.category_id is None or case.community_id is None or not (own or phone):
        return None
    same = Q(user_id=own) if own else Q(phone_index=crypto.blind_index(phone, "case.phone"))
    since = case.registered_at - REPEAT
    recent = Reporter.objects.filter(same, joined_at__gte=since).order_by("-id").values("case_id")[:RECENT]
    rows = Case.objects.filter(pk__in=recent, category=case.category_id, community=case.community_id)
    return rows.order_by("-id").values_list("pk", flat=True).first()


def _new_case(report: Report, by: Actor, code: str) -> Case:
    now = clock.now()
    category = category_named(report.category_code) if report.category_code else None
    place = place_changes(report.spot)
    case = Case(
        code=code,
        channel=report.channel,
        state=FIRST,
        category=category,
        description=report.description.strip(),
        attributes=checked_answers(category, report.answers),
        photos=list(report.photos),
        is_anonymous=report.is_anonymous,
        may_publish=report.may_publish,
        found_by_us=report.channel == Case.Channel.GRID,
        opened_by_id=by.user_id if by.held and not report.is_anonymous else None,
        outside_key=report.outside_key,
        registered_at=now,
        updated_at=now,
        search_text=text_for_search(code, report.description, place["address"]),
        **place,
    )
    start_clocks(case, now)
    return case


def start_clocks(case: Case, now: dt.datetime) -> None:
    """Set the three promised times and the next alarm, all from the moment of registration."""
    case.clock_from = now
    resolve = timing.promise(RESOLVE, case.category_id, now)
    case.accept_due = timing.promise(ACCEPT, case.category_id, now).due
    case.respond_due = timing.promise(RESPOND, case.category_id, now).due
    case.resolve_due, case.resolve_unit = resolve.due, resolve.unit
    timing.set_next_due(case, now)


def _write_rest(case: Case, report: Report, by: Actor, claim: str | None) -> None:
    Step.objects.create(**first_step(case, by))
    reporter = _reporter(case, report, by, claim)
    if reporter is not None:
        reporter.save(force_insert=True)
    if report.photos:
        attachments.attach(report.photos, case, by_id=by.user_id)
    audit.record(verb="case.register", obj=case, by=case.opened_by_id, facts={"channel": case.channel, "place": case.place_id})
    if reporter is not None and reporter.user_id:
        notices.queue(
            kind="case.step",
            to=[reporter.user_id],
            obj=case,
            params={"code": case.code, "verb": "register", "state": case.state},
            key=f"case.step:{case.pk}:1",
        )
    events.publish(CaseRegistered(case.pk, case.opened_by_id, case.registered_at))


def first_step(case: Case, by: Actor) -> dict[str, Any]:
    """The columns of the step that begins every case; an anonymous reporter is not named in it."""
    staff = by.held and not case.is_anonymous
    return {
        "case_id": case.pk,
        "seq": 1,
        "verb": "register",
        "from_state": "",
        "to_state": case.state,
        "at": case.registered_at,
        "by_id": by.user_id if staff else None,
        "by_duty": Duty.INTAKE if staff else Duty.REPORTER,
        "by_body_id": by.held[0].body_id if staff else None,
        "data": {"due": [None, case.resolve_due.isoformat() if case.resolve_due else None], **_repeat(case)},
    }


def _repeat(case: Case) -> dict[str, int]:
    return {"repeat_of": case.repeat_of_id} if case.repeat_of_id else {}


def _reporter(case: Case, report: Report, by: Actor, claim: str | None) -> Reporter | None:
    """The row of the one who reported; an anonymous one is known only by the claim code. A grid worker's own finding has none."""
    if case.found_by_us:
        return None
    own = by.user_id is not None and not report.on_behalf and not report.is_anonymous
    phone = "" if report.is_anonymous else report.contact.phone.strip()
    return Reporter(
        case=case,
        user_id=by.user_id if own else None,
        name="" if report.is_anonymous else report.contact.name.strip(),
        phone=phone,
        phone_index=crypto.blind_index(phone, "case.phone") if phone else "",
        claim_index=claim_index(claim) if claim else "",
        is_anonymous=report.is_anonymous,
        joined_at=case.registered_at,
    )


@transaction.atomic
def join_case(*, case: Case, by: Actor, contact: Contact = Contact(), is_anonymous: bool = False) -> Opened:
    """我也遇到: join an open case instead of repeating it; every joined reporter is told of each step."""
    if not case.is_open:
        raise DomainError(_("这件事已经办结。如果又发生了，请重新反映。"))
    if by.user_id is not None and not is_anonymous:
        row, created = Reporter.objects.get_or_create(
            case=case, user_id=by.user_id, defaults={"relation": Reporter.Relation.JOINED, "joined_at": clock.now()}
        )
        if not created:
            return Opened(case, was_known=True)
        claim = None
    else:
        claim = codes.claim_code()
        row = Reporter.objects.create(
            case=case,
            relation=Reporter.Relation.JOINED,
            phone="" if is_anonymous else contact.phone.strip(),
            name="" if is_anonymous else contact.name.strip(),
            claim_index=claim_index(claim),
            is_anonymous=is_anonymous,
            joined_at=clock.now(),
        )
    audit.record(verb="case.join", obj=case, by=None if is_anonymous else by.user_id, facts={"reporter": row.pk})
    events.publish(ReporterJoined(case.pk, row.pk, row.joined_at))
    return Opened(case, claim)
