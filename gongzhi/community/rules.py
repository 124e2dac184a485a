"""Who may: the territory is kept by operators; labels are printed by those whose things they hang on."""

from __future__ import annotations

from typing import Any

from gongzhi.community.actors import Actor, actor_of

LABEL_ROLES = ("operator", "secretary", "grid_worker", "steward")


def is_operator(user: Any) -> bool:
    """Holds an operator's post today, or has all rights: on the first day there is no place yet in which a post could be held."""
    if not getattr(user, "is_authenticated", False):
        return False
    return bool(getattr(user, "is_superuser", False)) or bool(actor_of(user).with_role("operator"))


def can_print_labels(actor: Actor) -> bool:
    """Whoever puts labels on compounds and things of his area."""
    return bool(actor.with_role(*LABEL_ROLES))
