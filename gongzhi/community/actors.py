"""Who acts: a user with the posts held today, as one small value that rules and queries take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gongzhi.community import policy
from gongzhi.community.levels import RUNG
from gongzhi.community.models import Post
from gongzhi.kernel import clock


@dataclass(frozen=True, slots=True)
class Held:
    """A post held today: role, body, place with its rung of the ladder, and the categories it is limited to."""

    post_id: int
    role: str
    body_id: int
    place_id: int
    rung: str | None
    categories: frozenset[str] = frozenset()

    @property
    def reach(self) -> policy.Reach:
        return policy.REACH.get(self.role, "none")


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. `claims` are ids of cases opened by a claim code in this browser."""

    user_id: int | None = None
    held: tuple[Held, ...] = ()
    claims: frozenset[int] = field(default_factory=frozenset)
    is_system: bool = False

    @property
    def is_staff_member(self) -> bool:
        """Holds at least one post."""
        return bool(self.held)

    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.held)

    def with_role(self, *roles: str) -> tuple[Held, ...]:
        return tuple(post for post in self.held if post.role in roles)


SYSTEM = Actor(is_system=True)
NOBODY = Actor()


def held_today(user_id: int) -> tuple[Held, ...]:
    """The posts of a user in force today, in one statement."""
    return held_from_rows(
        Post.objects.filter(user_id=user_id)
        .held_on(clock.today())
        .order_by("id")
        .values_list("id", "role", "body_id", "place_id", "place__kind", "categories")
    )


def held_from_rows(rows: Iterable[tuple[int, str, int, int, str, list[str]]]) -> tuple[Held, ...]:
    return tuple(
        Held(post_id, role, body_id, place_id, RUNG.get(kind), frozenset(categories or ()))
        for post_id, role, body_id, place_id, kind, categories in rows
    )


def actor_of(user: Any, *, claims: Iterable[int] = ()) -> Actor:
    """The actor behind a signed-in or anonymous user; posts are read once per request and kept on the user object."""
    if not getattr(user, "is_authenticated", False):
        return Actor(claims=frozenset(claims))
    held = getattr(user, "_held_today", None)
    if held is None:
        held = held_today(user.pk)
        user._held_today = held
    return Actor(user_id=user.pk, held=held, claims=frozenset(claims))
