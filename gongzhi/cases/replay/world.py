"""The city the requests belong to: a district of its own with a grid per polygon, bodies per department and queue, and people.

Made so that a second run finds everything as it was. Categories are on offer only while the replay runs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.accounts.models import User
from gongzhi.cases.models import Category
from gongzhi.cases.replay.source import Request
from gongzhi.community.actions import PlaceData, give_post, save_places
from gongzhi.community.actors import Actor, Held, held_today
from gongzhi.community.models import Body, BodyKind, Place, Post
from gongzhi.kernel import caches, clock
from gongzhi.kernel.errors import DomainError

DISTRICT = "990001"
"""No division of the country has this code: the replayed city never meets a real one."""
NAME = "回放城区"
SINCE = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class World:
    """Who acts: the desk's dispatcher, a checker, and the handler of each queue; bodies by queue, categories by type."""

    dispatcher: Actor
    checker: Actor
    handlers: Mapping[int, tuple[Actor, Held]]
    bodies: Mapping[tuple[str, str], int]
    categories: Mapping[tuple[str, str], str]


def read_boundaries(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """(name, geometry) of each polygon; the name is the first text among its properties that is not empty."""
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
        return [(_name_of(one["properties"], number), one["geometry"]) for number, one in enumerate(features, start=1)]
    except (ValueError, KeyError, TypeError):
        raise DomainError(_("这不是 GeoJSON 边界文件：应当是 FeatureCollection，里面至少有一块边界。"), field="file") from None


def _name_of(properties: Mapping[str, Any], number: int) -> str:
    names = (value.strip() for value in properties.values() if isinstance(value, str))
    return next(filter(None, names), f"{number}")[:80]


@transaction.atomic
def build_places(boundaries: Iterable[tuple[str, dict[str, Any]]]) -> Place:
    """The district, one street, and for each polygon a community with one grid of the same outline."""
    street = f"{DISTRICT}001"
    rows = [PlaceData("district", DISTRICT, NAME, name_en="Replayed city"), PlaceData("street", street, NAME, DISTRICT)]
    for number, (name, polygon) in enumerate(boundaries, start=1):
        code = f"{street}{number:03d}"
        rows += [PlaceData("community", code, name, street), PlaceData("grid", f"{code}001", name, code, polygon=polygon)]
    return save_places(rows=rows, by=None)[0]


@transaction.atomic
def build_world(requests: Iterable[Request], district: Place) -> World:
    """Bodies, people and categories the requests name; what is there already is used again."""
    queues = sorted({(one.department, one.queue) for one in requests})
    kinds = sorted({(one.reason, one.kind) for one in requests})
    bodies = _bodies(queues, district)
    desk = _body("replay-desk", "replay_desk", NAME, district, None)
    dispatcher = _person("replay-dispatcher", [("dispatcher", desk)])
    checker = _person("replay-checker", [("checker", desk)])
    handlers = _handlers(queues, bodies)
    categories = _categories(kinds)
    caches.touch("bodies", "catalogue")
    return World(dispatcher, checker, handlers, {key: body.pk for key, body in bodies.items()}, categories)


def retire_categories() -> None:
    """Nobody in town is asked to choose among another city's types."""
    with transaction.atomic():
        Category.objects.filter(code__startswith="replay").update(is_active=False)
        caches.touch("catalogue")


def _short(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _bodies(queues: Iterable[tuple[str, str]], district: Place) -> dict[tuple[str, str], Body]:
    found: dict[tuple[str, str], Body] = {}
    for department, queue in queues:
        above = _body(f"replay-d-{_short(department)}", "replay_department", department, district, None)
        found[department, queue] = _body(f"replay-q-{_short(department, queue)}", "replay_queue", queue, district, above)
    return found


def _body(code: str, kind: str, name: str, district: Place, parent: Body | None) -> Body:
    BodyKind.objects.get_or_create(code=kind, defaults={"name": NAME, "level": "district"})
    body, _made = Body.objects.get_or_create(
        code=code, defaults={"kind_id": kind, "name": (name or code)[:80], "place": district, "parent": parent}
    )
    return body


def _handlers(queues: Iterable[tuple[str, str]], bodies: Mapping[tuple[str, str], Body]) -> dict[int, tuple[Actor, Held]]:
    found: dict[int, tuple[Actor, Held]] = {}
    for department in sorted({department for department, _queue in queues}):
        mine = [bodies[key] for key in bodies if key[0] == department]
        actor = _person(f"replay-handler-{_short(department)}", [("handler", body) for body in mine])
        found |= {post.body_id: (actor, post) for post in actor.held}
    return found


def _person(username: str, posts: Iterable[tuple[str, Body]]) -> Actor:
    """A user who cannot sign in, with these posts since long before the requests."""
    user, made = User.objects.get_or_create(username=username, defaults={"display_name": username})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    held = set(Post.objects.filter(user=user).values_list("role", "body_id"))
    for role, body in posts:
        if (role, body.pk) not in held:
            give_post(user_id=user.pk, role=role, body=body, by=None, starts_on=SINCE)
    with clock.at(clock.wall()):
        return Actor(user_id=user.pk, held=held_today(user.pk))


def _categories(kinds: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    root, _made = Category.objects.get_or_create(code="replay", defaults={"name": NAME, "kind": "thing"})
    found: dict[tuple[str, str], str] = {}
    for reason, kind in kinds:
        above, _made = Category.objects.get_or_create(
            code=f"replay-{_short(reason)}", defaults={"name": (reason or NAME)[:60], "kind": "thing", "parent": root}
        )
        row, _made = Category.objects.get_or_create(
            code=f"replay-{_short(reason, kind)}", defaults={"name": (kind or NAME)[:60], "kind": "thing", "parent": above}
        )
        found[reason, kind] = row.code
    Category.objects.filter(code__startswith="replay").update(is_active=True)
    return found
