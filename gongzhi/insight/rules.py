"""Who may look at the board of which area."""

from __future__ import annotations

from gongzhi.community.actors import Actor
from gongzhi.community.levels import LADDER
from gongzhi.community.policy import SEES_WORDS
from gongzhi.community.territory import Node, territory


def may_see(actor: Actor, area: Node) -> bool:
    """Some post reaches the area: its own place or one above it. A role that reaches nothing sees no board."""
    return any(post.reach != "none" and territory().is_within(area.id, post.place_id) for post in actor.held)


def has_board(actor: Actor) -> bool:
    """Is there any board for this person?"""
    return home_of(actor) is not None


def home_of(actor: Actor) -> Node | None:
    """The widest area of the actor's posts that has a board of its own: where the board opens."""
    nodes = [territory().nodes.get(post.place_id) for post in actor.held if post.reach != "none"]
    found = [node for node in nodes if node is not None and is_area(node)]
    return max(found, key=lambda node: LADDER.index(node.rung or LADDER[0]), default=None)


def is_area(node: Node) -> bool:
    """Cases are counted for places that are a rung of the ladder themselves: not for patrol grids or micro grids."""
    return node.rung is not None and node.keys.get(node.rung) == node.id


def may_open_lists(actor: Actor) -> bool:
    """May open the inbox behind a figure: a leader sees figures, not the words of cases."""
    return bool(actor.roles() & SEES_WORDS)
