"""What can be asked about cases. Everything here goes through `visible_to` or is public; lists page by key."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.claims import claim_index
from gongzhi.cases.models import Case, CaseQuerySet, Helper, Look, Reporter, Request, Return, Step
from gongzhi.cases.visibility import reach_parts
from gongzhi.cases.workflow import State
from gongzhi.community.actors import Actor
from gongzhi.community.levels import COMMUNITY, DISTRICT
from gongzhi.community.scope import reaches
from gongzhi.community.territory import territory
from gongzhi.kernel import clock, codes, geo, search
from gongzhi.kernel.errors import Missing

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What an inbox can be narrowed by; every one of them is in the URL. Empty means any."""

    states: tuple[str, ...] = ()
    is_open: bool | None = True
    category_code: str = ""
    place_id: int | None = None
    place_field: str = ""
    body_id: int | None = None
    channel: str = ""
    late: bool = False
    at_risk: bool = False
    found_by_us: bool = False
    not_located: bool = False
    words: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    ended_since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of cases; `next_key` continues after the last row, None at the end."""

    rows: list[Case]
    next_key: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """How a list runs: by promised time (open ones) or newest first."""

    fields: tuple[str, ...] = field(default=("resolve_due", "id"))
    newest_first: bool = False


BY_DUE = Order()
NEWEST = Order(("-id",), newest_first=True)


def list_cases(actor: Actor, filters: Filters, *, after: str = "", size: int = PAGE) -> Page:
    """Cases in reach of the actor's posts, one ordered top-(size+1) per reach joined by UNION ALL: cost does not grow with rows."""
    order = BY_DUE if filters.is_open else NEWEST
    wanted = reaches(actor)
    if not wanted:
        return Page([], None)
    condition = filter_q(filters) & _after(order, after)
    parts = [_top(part & condition, order, size + 1, filters) for reach in wanted for part in reach_parts(reach)]
    rows = list(_joined(parts, order, size + 1))
    return _page(rows, order, size)


def _top(condition: Q, order: Order, limit: int, filters: Filters) -> CaseQuerySet:
    rows = Case.objects.filter(condition)
    if filters.words:
        rows = cast(CaseQuerySet, search.match(rows, filters.words))
    return rows.order_by(*order.fields)[:limit]


def _joined(parts: Sequence[CaseQuerySet], order: Order, limit: int) -> QuerySet[Case]:
    if len(parts) == 1:
        return parts[0]
    pieces: list[str] = []
    params: list[object] = []
    for number, part in enumerate(parts):
        sql, values = part.values("id").query.sql_with_params()
        pieces.append(f"SELECT id FROM ({sql}) AS part_{number}")  # noqa: S608  SQL of the ORM
        params.extend(values)
    return Case.objects.filter(id__in=RawSQL(" UNION ALL ".join(pieces), params)).order_by(*order.fields)[:limit]  # noqa: S611  SQL of the ORM


def filter_q(filters: Filters) -> Q:
    """The filters as one condition."""
    condition = Q() if filters.is_open is None else Q(is_open=filters.is_open)
    if filters.states:
        condition &= Q(state__in=filters.states)
    if filters.category_code:
        condition &= Q(category_id__in=catalogue().ids_below(filters.category_code))
    if filters.place_id is not None and filters.place_field:
        condition &= Q(**{filters.place_field: filters.place_id})
    if filters.body_id is not None:
        condition &= Q(body_id=filters.body_id)
    if filters.channel:
        condition &= Q(channel=filters.channel)
    if filters.found_by_us:
        condition &= Q(found_by_us=True)
    if filters.not_located:
        condition &= Q(place=None)
    return condition & _time_q(filters)


def _time_q(filters: Filters) -> Q:
    now, condition = clock.now(), Q()
    if filters.late:
        # As the tick marked it, so that a list shows what the figures count.
        condition &= Q(is_open=True, is_late=True)
    if filters.at_risk:
        condition &= Q(is_open=True, resolved_at=None, paused_at=None, resolve_due__gte=now, resolve_due__lt=now + dt.timedelta(days=1))
    if filters.since:
        condition &= Q(registered_at__gte=clock.start_of(filters.since))
    if filters.until:
        condition &= Q(registered_at__lt=clock.start_of(filters.until + dt.timedelta(days=1)))
    if filters.ended_since:
        condition &= Q(closed_at__gte=clock.start_of(filters.ended_since))
    return condition


def _after(order: Order, key: str) -> Q:
    if not key:
        return Q()
    if order.newest_first:
        return Q(id__lt=_whole(key))
    stamp, _sep, pk = key.partition("_")
    try:
        due = dt.datetime.fromtimestamp(int(stamp) / 1_000_000, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return Q()
    return Q(resolve_due__gte=due) & (Q(resolve_due__gt=due) | Q(id__gt=_whole(pk)))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _page(rows: list[Case], order: Order, size: int) -> Page:
    if len(rows) <= size:
        return Page(rows, None)
    last = rows[size - 1]
    if order.newest_first:
        return Page(rows[:size], str(last.pk))
    micros = (last.resolve_due or last.registered_at) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return Page(rows[:size], f"{micros // dt.timedelta(microseconds=1)}_{last.pk}")


def get_case(actor: Actor, code: str) -> Case:
    """One case by its number; a foreign one and one that does not exist answer alike."""
    mine = Exists(Reporter.objects.filter(case_id=OuterRef("pk"), user_id=actor.user_id)) if actor.user_id else Value(False)
    helped = Exists(Helper.objects.filter(case_id=OuterRef("pk"), left_at=None))
    rows = Case.objects.visible_to(actor).annotate(mine_too=mine, has_helpers=helped)
    case = rows.filter(code=codes.normalise(code)).first()
    if case is None:
        raise Missing()
    found = vars(case)
    case.is_mine = bool(found["mine_too"])
    if not found["has_helpers"]:
        case.helper_ids = set()
    return case


def get_public_case(code: str) -> Case:
    """One case that was let out."""
    case = Case.objects.public().filter(code=codes.normalise(code)).first()
    if case is None:
        raise Missing()
    return case


def list_public(*, place_field: str = "", place_id: int | None = None, after: str = "", size: int = PAGE) -> Page:
    """Public cases, newest first, of an area or of everywhere."""
    rows = Case.objects.public().filter(_after(NEWEST, after))
    if place_field and place_id is not None:
        rows = rows.filter(**{place_field: place_id})
    return _page(list(rows.order_by("-id")[: size + 1]), NEWEST, size)


def list_mine(actor: Actor, *, after: str = "", size: int = 20) -> Page:
    """The cases one reported, joined or claimed, newest first."""
    own = Q(pk__in=Reporter.objects.filter(user_id=actor.user_id).values("case_id")) if actor.user_id else Q(pk__in=())
    rows = Case.objects.filter((own | Q(pk__in=sorted(actor.claims))) & _after(NEWEST, after))
    return _page(list(rows.order_by("-id")[: size + 1]), NEWEST, size)


def list_steps(case: Case, *, public_only: bool) -> list[Step]:
    """What happened, oldest first; the public ones for reporters and everyone else."""
    rows = Step.objects.filter(case_id=case.pk).select_related("by").order_by("seq")
    return list(rows.filter(is_public=True) if public_only else rows)


def list_reporters(case: Case) -> list[Reporter]:
    """Rows of the reporters without their encrypted columns: for counting and for the reveal button."""
    return list(Reporter.objects.filter(case_id=case.pk).defer("name", "phone").order_by("id"))


def list_looks(actor: Actor, case: Case) -> list[Look]:
    """Who opened this person's data in this case: unit, role, purpose, time (privacy.md 7)."""
    if actor.user_id is None:
        return []
    return list(Look.objects.filter(case_id=case.pk, reporter__user_id=actor.user_id).select_related("by_body").order_by("-at"))


def open_request(case: Case) -> Request | None:
    return Request.objects.filter(case_id=case.pk, decided_at=None).select_related("asked_by").first()


def last_return(case: Case) -> Return | None:
    return Return.objects.filter(case_id=case.pk).select_related("body", "returned_by").order_by("-id").first()


def claimed_case(claim_code: str) -> Case | None:
    """The case a claim code 查询码 opens."""
    row = (
        Reporter.objects.filter(claim_index=claim_index(claim_code)).select_related("case").order_by("-id").first()
        if claim_code.strip()
        else None
    )
    return row.case if row else None


def list_public_near(point: tuple[float, float], category_code: str, **bounds: int) -> list[Case]:
    """Public open cases of the same category (or of any) near a point (lng, lat), nearest first: for "有人已反映"."""
    return _near(Case.objects.public(), point, category_code, **bounds)


def list_near(actor: Actor, point: tuple[float, float], category_code: str, **bounds: int) -> list[Case]:
    """The same of what the actor may see."""
    return _near(Case.objects.visible_to(actor), point, category_code, **bounds)


def _near(
    cases: CaseQuerySet, point: tuple[float, float], category_code: str, *, metres: int = 200, days: int = 30, limit: int = 20
) -> list[Case]:
    lng, lat = point
    reach_lat = metres / 111_320
    reach_lng = reach_lat / max(0.2, math.cos(math.radians(lat)))
    node = territory().locate(lng, lat)
    rows = cases.open().filter(
        lat__range=(lat - reach_lat, lat + reach_lat),
        lng__range=(lng - reach_lng, lng + reach_lng),
        registered_at__gte=clock.now() - dt.timedelta(days=days),
    )
    if node and COMMUNITY in node.keys:
        rows = rows.filter(community_id=node.keys[COMMUNITY])
    if category_code:
        rows = rows.filter(category_id__in=catalogue().ids_below(category_code))
    near = sorted(rows.order_by("-id")[:50], key=lambda case: geo.distance_m(lng, lat, case.lng or 0, case.lat or 0))
    return near[:limit]


def list_deferred(*, after: str = "", size: int = 20) -> Page:
    """Suspended and long-term cases of every district here, newest first: what must be published."""
    districts = [node.id for node in territory().nodes.values() if node.rung == DISTRICT]
    rows = Case.objects.filter(_after(NEWEST, after), district__in=districts, state__in=(State.SUSPENDED, State.LONG_TERM))
    return _page(list(rows.order_by("-id")[: size + 1]), NEWEST, size)


def list_public_in(bbox: tuple[float, float, float, float] | None, *, limit: int) -> list[Case]:
    """Public located cases in a box (west, south, east, north), newest first."""
    rows = Case.objects.public().filter(lng__isnull=False)
    if bbox:
        west, south, east, north = bbox
        rows = rows.filter(lng__range=(west, east), lat__range=(south, north))
    return list(rows.only("code", "public_words", "state", "lng", "lat").order_by("-id")[:limit])


REGISTERS = ("returned", "ruled", "extended", "suspended", "void", "long_term")
"""The registers 台账 every town must be able to show."""


def list_register(actor: Actor, name: str, *, limit: int = 200) -> Iterable[Request | Return]:
    """A register of what needed a reason and an approval, newest first, within reach of the actor."""
    visible = Case.objects.visible_to(actor)
    if name in ("returned", "ruled"):
        rows = Return.objects.filter(case__in=visible).select_related("case", "body", "returned_by", "ruled_by", "ruled_to")
        return list((rows.exclude(ruled_at=None) if name == "ruled" else rows).order_by("-id")[:limit])
    kind = {"extended": "extend", "suspended": "suspend", "void": "void", "long_term": "list_long_term"}.get(name)
    if kind is None:
        raise Missing()
    requests = Request.objects.filter(kind=kind, case__in=visible).select_related("case", "asked_by", "decided_by")
    return list(requests.order_by("-id")[:limit])
