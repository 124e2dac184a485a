"""From the generated district to rows: places, bodies, people, compounds, things. Parents before children, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from gongzhi.accounts.models import User
from gongzhi.accounts.phone_codes import index_of
from gongzhi.cases.actions.seeding import load_seeds
from gongzhi.community.actions import PlaceData, save_places
from gongzhi.community.models import Body, Building, Compound, Facility, Place, Post
from gongzhi.demo.names import PASSWORD
from gongzhi.demo.specs import BodySpec, District, PersonSpec
from gongzhi.kernel import audit, caches, clock
from gongzhi.kernel.calendar_seed import seed_calendar

IN_POST_SINCE = dt.timedelta(days=400)
BATCH = 1000

Say = Callable[[str], object]


@transaction.atomic
def build_town(district: District, say: Say = lambda text: None) -> None:
    """Write the town, without cases."""
    load_seeds(folder=settings.GONGZHI_SEEDS)
    seed_calendar()
    say(f"places {len(district.places)}")
    places = _places(district)
    bodies = _bodies(district, places)
    _things(district, places, bodies)
    say(f"people {len(district.people)}")
    _people(district, places, bodies)
    load_seeds(folder=settings.GONGZHI_SEEDS)
    for name in ("places", "gazetteer", "bodies", "catalogue", "calendar"):
        caches.touch(name)


def _places(district: District) -> dict[str, Place]:
    rows = [
        PlaceData(
            kind=one.kind, code=one.code, name=one.name, name_en=one.name_en, parent_code=one.parent_code, polygon=one.polygon,
            households=one.households or None, community_type=one.community_type,
        )
        for one in district.places
    ]  # fmt: skip
    return {place.code: place for place in save_places(rows=rows, by=None)}


def _bodies(district: District, places: dict[str, Place]) -> dict[str, Body]:
    made: dict[str, Body] = {}
    waiting = list(district.bodies)
    while waiting:
        ready = [one for one in waiting if not one.parent_code or one.parent_code in made]
        if not ready:
            raise ValueError(f"bodies without a superior: {[one.code for one in waiting[:3]]}")
        for body in Body.objects.bulk_create([_body(one, places, made) for one in ready], batch_size=BATCH):
            made[body.code] = body
        waiting = [one for one in waiting if one.code not in made]
    return made


def _body(one: BodySpec, places: dict[str, Place], made: dict[str, Body]) -> Body:
    return Body(
        kind_id=one.kind, code=one.code, name=one.name, name_en=one.name_en, phone=one.phone, place=places[one.place_code],
        parent=made.get(one.parent_code),
    )  # fmt: skip


def _things(district: District, places: dict[str, Place], bodies: dict[str, Body]) -> None:
    compounds = [
        Compound(
            code=one.code, tag=one.tag, name=one.name, address=one.address, lng=one.point[0], lat=one.point[1],
            place=places[one.grid_code], manager=bodies.get(one.manager_code),
        )
        for one in district.compounds
    ]  # fmt: skip
    known = {one.code: one for one in Compound.objects.bulk_create(compounds, batch_size=BATCH)}
    buildings = [
        Building(
            address=one.address, households=one.households, lng=one.point[0], lat=one.point[1], place=places[one.grid_code],
            compound=known.get(one.compound_code),
        )
        for one in district.buildings
    ]  # fmt: skip
    Building.objects.bulk_create(buildings, batch_size=BATCH)
    facilities = [
        Facility(
            kind=one.kind, code=one.code, tag=one.tag, name=one.name, lng=one.point[0], lat=one.point[1], owner=bodies[one.owner_code],
            place=places[one.grid_code], compound=known.get(one.compound_code), category_code=one.category_code,
        )
        for one in district.facilities
    ]  # fmt: skip
    Facility.objects.bulk_create(facilities, batch_size=BATCH)


def _people(district: District, places: dict[str, Place], bodies: dict[str, Body]) -> None:
    password = make_password(PASSWORD)
    users = User.objects.bulk_create([_user(one, password) for one in district.people], batch_size=BATCH)
    since = clock.today() - IN_POST_SINCE
    posts = [
        Post(user=user, role=post.role, body=bodies[post.body_code], place=places[post.place_code], starts_on=since)
        for user, one in zip(users, district.people, strict=True)
        for post in one.posts
    ]
    made = Post.objects.bulk_create(posts, batch_size=BATCH)
    entries = [audit.entry(verb="post.give", obj=post, by=None, facts={"user": post.user_id, "role": post.role}) for post in made]
    audit.record_many(entries, batch_size=BATCH)


def _user(one: PersonSpec, password: str) -> User:
    name = f"{one.name}（{one.title}）" if one.cast and one.title else one.name
    return User(
        username=one.username, display_name=name[:40], phone=one.phone or None, phone_index=index_of(one.phone) if one.phone else None,
        elder_mode=one.elder_mode, is_staff=one.is_staff, is_superuser=one.is_staff, is_demo=True, password=password,
    )  # fmt: skip
