"""Who can act in the town, by role and place: the history is made by the people whose duty it is."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from gongzhi.accounts.models import User
from gongzhi.cases.models import Case
from gongzhi.community.actors import Actor, Held
from gongzhi.community.levels import RUNG
from gongzhi.community.models import Post
from gongzhi.community.territory import territory


class Roster:
    """All actors of the town, found by role and place or by role and body."""

    def __init__(self) -> None:
        self.by_place: dict[tuple[str, int], list[Actor]] = defaultdict(list)
        self.by_body: dict[tuple[str, int], list[Actor]] = defaultdict(list)
        held: dict[int, list[Held]] = defaultdict(list)
        rows = Post.objects.order_by("id").values_list("user_id", "id", "role", "body_id", "place_id", "place__kind")
        for user_id, post_id, role, body_id, place_id, kind in rows:
            held[user_id].append(Held(post_id, role, body_id, place_id, RUNG.get(kind)))
        for user_id, posts in held.items():
            actor = Actor(user_id=user_id, held=tuple(posts))
            for post in posts:
                self.by_place[post.role, post.place_id].append(actor)
                self.by_body[post.role, post.body_id].append(actor)
        staff = set(held)
        self.residents = [
            Actor(user_id=pk) for pk in User.objects.filter(is_demo=True).order_by("id").values_list("pk", flat=True) if pk not in staff
        ]

    def over(self, role: str, case: Case) -> Actor | None:
        """The nearest holder of a role above the case's place; the district's for a case that is not located."""
        if case.place_id is not None:
            return self.at(role, case.place_id)
        district = next((node.id for node in territory().nodes.values() if node.kind == "district"), 0)
        return self.at(role, district)

    def at(self, role: str, place_id: int) -> Actor | None:
        """The nearest holder of a role in a place or above it."""
        for node in territory().up(place_id):
            if found := self.by_place.get((role, node.id)):
                return found[0]
        return None

    def handler(self, case: Case) -> Actor | None:
        """Someone who handles for the lead body."""
        return self.of_body(case.body_id) if case.body_id else None

    def of_body(self, body_id: int) -> Actor | None:
        """Someone who acts for a body."""
        for role in ("handler", "steward", "secretary"):
            if found := self.by_body.get((role, body_id)):
                return found[0]
        return None

    def resident(self, rng: Random) -> Actor:
        """Any resident of the cast."""
        return rng.choice(self.residents)
