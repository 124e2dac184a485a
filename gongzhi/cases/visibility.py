"""`visible_to` as a query condition: post x place x body x category, plus one's own. Fails closed: no reach, no rows."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Q

from gongzhi.community.actors import Actor
from gongzhi.community.scope import Reach, reaches

NOTHING = Q(pk__in=())


def _helped(body_id: int) -> Any:
    helper = apps.get_model("cases", "Helper")
    return helper.objects.filter(body_id=body_id, left_at=None).values("case_id")


def _reported(user_id: int) -> Any:
    reporter = apps.get_model("cases", "Reporter")
    return reporter.objects.filter(user_id=user_id).values("case_id")


def reach_parts(reach: Reach) -> list[Q]:
    """The conditions of one reach, each served by one index; a body reaches what it leads and what it helps with."""
    limit = _limit(reach)
    if reach.field == "body_id":
        return [Q(body_id=reach.value) & limit, Q(pk__in=_helped(reach.value)) & limit]
    if reach.field == "district_id":
        # What is not located belongs to nobody below: the district looks after it until it is placed.
        return [Q(district_id=reach.value) & limit, Q(district=None) & limit]
    return [Q(**{reach.field: reach.value}) & limit]


def _limit(reach: Reach) -> Q:
    """Only the categories of the post, with everything under them."""
    from gongzhi.cases.catalogue import catalogue  # noqa: PLC0415  the catalogue reads the models, and these ask here

    return Q(category_id__in=catalogue().ids_below(*reach.categories)) if reach.categories else Q()


def reach_q(reach: Reach) -> Q:
    """One reach as one condition."""
    first, *more = reach_parts(reach)
    for part in more:
        first |= part
    return first


def visible_q(actor: Actor) -> Q:
    """Everything an actor may see in words."""
    condition = NOTHING
    for reach in reaches(actor):
        condition |= reach_q(reach)
    if actor.user_id is not None:
        condition |= Q(pk__in=_reported(actor.user_id))
    if actor.claims:
        condition |= Q(pk__in=sorted(actor.claims))
    return condition
