"""`visible_to`, the area part: what an actor's posts reach, as level keys and bodies. Fails closed.

Nested posts are dropped (a street holds its communities), so that a person with five posts asks no more than one needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from gongzhi.community.actors import Actor, Held
from gongzhi.community.territory import LEVEL_FIELDS, territory


@dataclass(frozen=True, slots=True)
class Reach:
    """One thing an actor may see: `field` = `value`, limited to `categories` unless empty."""

    field: str
    value: int
    categories: frozenset[str] = frozenset()


def reaches(actor: Actor) -> tuple[Reach, ...]:
    """All reaches of an actor, widest first, none inside another.

    A post in a patrol or micro grid reaches that exact place by `place_id`; a post by body reaches `body_id`.
    """
    wide: list[Reach] = []
    for post in sorted(actor.held, key=_width):
        reach = _reach_of(post)
        if reach and not any(_covers(other, reach, post) for other in wide):
            wide.append(reach)
    return tuple(wide)


def _width(post: Held) -> int:
    order = ("district", "street", "community", "grid")
    return order.index(post.rung) if post.reach == "place" and post.rung in order else len(order)


def _reach_of(post: Held) -> Reach | None:
    if post.reach == "body":
        return Reach("body_id", post.body_id, post.categories)
    if post.reach != "place":
        return None
    node = territory().nodes.get(post.place_id)
    if node is None:
        return None
    name = LEVEL_FIELDS.get(node.rung or "")
    if name and node.keys.get(node.rung or "") == node.id:
        return Reach(name, node.id, post.categories)
    return Reach("place_id", node.id, post.categories)


def _covers(wide: Reach, narrow: Reach, post: Held) -> bool:
    if wide.categories and not (narrow.categories and narrow.categories <= wide.categories):
        return False
    if wide.field == narrow.field:
        return wide.value == narrow.value
    if post.reach != "place":
        return False
    node = territory().nodes.get(post.place_id)
    return bool(node and wide.value in node.keys.values() and wide.field in LEVEL_FIELDS.values())


def reaches_place(post: Held, place_id: int | None) -> bool:
    """Does a post by place cover this place? Unlocated facts are covered by nobody below the district."""
    return post.reach == "place" and place_id is not None and territory().is_within(place_id, post.place_id)
