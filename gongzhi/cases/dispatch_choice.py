"""Which body the rules name for a case, and the people who take work for a body."""

from __future__ import annotations

from dataclasses import dataclass

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, RoutingRule
from gongzhi.cases.routing import Matter, matching
from gongzhi.community.directory import bodies_by_kind
from gongzhi.community.models import Facility, Post
from gongzhi.community.territory import territory
from gongzhi.kernel import clock
from gongzhi.kernel.workdays import load_calendar


@dataclass(frozen=True, slots=True)
class Choice:
    """The body chosen, by which rule and version, and why in words."""

    body_id: int
    rule_id: int | None
    why: str
    version: str = ""


def choose(case: Case) -> Choice | None:
    """The first rule that holds and that names a body which exists here; None: nobody is named."""
    owner = Facility.objects.filter(pk=case.facility_id).select_related("owner").first() if case.facility_id else None
    matter = _matter(case, owner)
    for rule in matching(catalogue().rules, matter):
        body_id = _body_of(rule, case, owner)
        if body_id is not None:
            return Choice(body_id, rule.pk, rule.why, rule.version)
    return None


def _matter(case: Case, thing: Facility | None) -> Matter:
    category = catalogue().by_id.get(case.category_id or 0)
    line = list(territory().up(case.place_id))
    return Matter(
        category_ids=frozenset(row.pk for row in catalogue().line(case.category_id)),
        category_kind=category.kind if category else "",
        place_ids=frozenset(node.id for node in line),
        place_kind=next((node.kind for node in line if node.kind in ("community", "village")), ""),
        owner_kind=thing.owner.kind_id if thing else "",
        in_working_hours=load_calendar().is_open(clock.now()),
    )


def _body_of(rule: RoutingRule, case: Case, thing: Facility | None) -> int | None:
    if rule.to_owner:
        return thing.owner_id if thing else None
    if rule.body_id is not None:
        return rule.body_id
    return nearest_body(rule.body_kind, case)


def nearest_body(kind: str, case: Case) -> int | None:
    """The active body of a kind at the lowest place above the case; a property company through the compound first."""
    if kind == "property_company" and case.compound_id and case.compound and case.compound.manager_id:
        return case.compound.manager_id
    held = bodies_by_kind().get(kind, {})
    return next((held[node.id] for node in territory().up(case.place_id) if node.id in held), None)


def staff_of(body_id: int) -> list[int]:
    """Users who take work for a body today."""
    posts = Post.objects.filter(body_id=body_id, role__in=("handler", "steward", "secretary")).held_on(clock.today())
    return list(posts.values_list("user_id", flat=True).distinct())
