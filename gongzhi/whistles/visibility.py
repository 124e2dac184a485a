"""Who may see a whistle, as a query condition. Fails closed: no reach, no rows."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Q

from gongzhi.community.actors import Actor, Held
from gongzhi.community.territory import LEVEL_FIELDS, territory

NOTHING = Q(pk__in=())
BY_BODY = frozenset({"dispatcher", "clerk", "secretary", "handler", "steward", "approver"})
"""Roles that see what their own body called or is called to."""
BY_PLACE = frozenset({"dispatcher", "supervisor", "adjudicator", "approver", "leader"})
"""Roles that see the whistles of their area."""


def visible_q(actor: Actor) -> Q:
    """Everything an actor may see."""
    own = {post.body_id for post in actor.held if post.role in BY_BODY}
    condition = NOTHING
    if own:
        condition |= Q(caller_id__in=own) | Q(asked_by_id__in=own) | Q(pk__in=_called(own))
    for post in actor.held:
        if post.role in BY_PLACE:
            condition |= _area(post)
    if actor.user_id is not None:
        condition |= Q(pk__in=_led(actor.user_id))
    return condition


def _called(bodies: set[int]) -> Any:
    return apps.get_model("whistles", "Summons").objects.filter(body_id__in=bodies).values("whistle_id")


def _led(user_id: int) -> Any:
    return apps.get_model("whistles", "Leading").objects.filter(user_id=user_id).values("whistle_id")


def _area(post: Held) -> Q:
    node = territory().nodes.get(post.place_id)
    name = LEVEL_FIELDS.get(node.rung or "") if node else None
    return Q(**{f"case__{name}": post.place_id}) if name else NOTHING
