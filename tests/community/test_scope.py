"""Whose area reaches how far: by place, by body, nested ones dropped, and nothing where nothing is known."""

from __future__ import annotations

import pytest

from gongzhi.community.actions import PlaceData, end_place, end_post, give_post, save_places
from gongzhi.community.actors import Actor, Held, held_today
from gongzhi.community.models import Place, Post
from gongzhi.community.policy import REACH, ROLE_NAMES
from gongzhi.community.rules import can_print_labels, is_operator
from gongzhi.community.scope import Reach, reaches, reaches_place
from tests.cast import COMMUNITY, DISTRICT, GRID, GRID_2, OTHER_GRID, STREET, Town

pytestmark = pytest.mark.django_db


def held(town: Town, role: str, code: str, *, body: str = "street", categories: tuple[str, ...] = ()) -> Held:
    place = Place.objects.get(code=code)
    rung = {"town": "street", "village": "community", "group": "grid", "micro": "grid", "patrol": None}.get(place.kind, place.kind)
    return Held(1, role, town.bodies[body].pk, place.pk, rung, frozenset(categories))


def of(*posts: Held) -> list[tuple[str, int]]:
    return [(one.field, one.value) for one in reaches(Actor(1, posts))]


def test_a_role_without_a_reach_is_no_role() -> None:
    assert set(REACH) == set(ROLE_NAMES)


@pytest.mark.parametrize(
    ("role", "code", "field"),
    [
        ("leader", DISTRICT, "district_id"),
        ("clerk", STREET, "street_id"),
        ("secretary", COMMUNITY, "community_id"),
        ("grid_worker", GRID, "grid_id"),
    ],
)
def test_a_post_reaches_its_own_rung(town: Town, role: str, code: str, field: str) -> None:
    assert of(held(town, role, code)) == [(field, town.places[code].pk)]


def test_a_post_by_body_reaches_the_body_wherever(town: Town) -> None:
    assert of(held(town, "handler", DISTRICT, body="lighting")) == [("body_id", town.bodies["lighting"].pk)]


@pytest.mark.parametrize("role", ["operator", "emperor"])
def test_other_roles_reach_nothing(town: Town, role: str) -> None:
    assert of(held(town, role, DISTRICT)) == []


def test_a_place_that_ended_is_reached_by_nobody(town: Town) -> None:
    post = held(town, "grid_worker", GRID)
    end_place(place=town.places[GRID], by=None)
    assert of(post) == []
    assert not reaches_place(post, town.places[GRID].pk)


def test_nested_posts_are_dropped_and_others_kept(town: Town) -> None:
    posts = [
        held(town, "grid_worker", GRID),
        held(town, "clerk", STREET),
        held(town, "secretary", COMMUNITY),
        held(town, "checker", STREET),
    ]
    assert of(*posts) == [("street_id", town.places[STREET].pk)]
    beside = held(town, "grid_worker", OTHER_GRID)
    assert of(*posts, beside) == [("street_id", town.places[STREET].pk), ("grid_id", town.places[OTHER_GRID].pk)]
    body = held(town, "handler", DISTRICT, body="lighting")
    assert ("body_id", town.bodies["lighting"].pk) in of(held(town, "leader", DISTRICT), body)


def test_a_post_limited_to_categories_covers_no_wider_one(town: Town) -> None:
    narrow, wide = held(town, "clerk", STREET, categories=("lamp",)), held(town, "grid_worker", GRID)
    found = reaches(Actor(1, (narrow, wide)))
    assert {(one.field, one.categories) for one in found} == {("street_id", frozenset({"lamp"})), ("grid_id", frozenset())}
    within = held(town, "grid_worker", GRID, categories=("lamp",))
    assert reaches(Actor(1, (narrow, within))) == (Reach("street_id", town.places[STREET].pk, frozenset({"lamp"})),)


def test_patrol_and_micro_grids_are_reached_exactly(town: Town) -> None:
    rows = [PlaceData("patrol", f"{COMMUNITY}X01", "东片", COMMUNITY), PlaceData("micro", f"{GRID}01", "1号楼", GRID)]
    patrol, micro = save_places(rows=rows, by=None)
    assert of(held(town, "grid_worker", patrol.code)) == [("place_id", patrol.pk)]
    assert of(held(town, "grid_worker", micro.code)) == [("place_id", micro.pk)]


def test_a_place_below_is_reached_and_one_beside_not(town: Town) -> None:
    post = held(town, "secretary", COMMUNITY)
    assert reaches_place(post, town.places[GRID].pk)
    assert not reaches_place(post, town.places[OTHER_GRID].pk)
    assert not reaches_place(post, town.places[STREET].pk)
    assert not reaches_place(post, None)


def test_a_post_ends_with_its_day(town: Town) -> None:
    user = town.users["grid_worker"]
    post = Post.objects.get(user=user)
    assert [one.place_id for one in held_today(user.pk)] == [town.places[GRID].pk]
    Post.objects.filter(pk=post.pk).update(starts_on="2020-01-01")
    post.refresh_from_db()
    end_post(post=post, by=None, ends_on=post.starts_on)
    assert held_today(user.pk) == ()
    give_post(user_id=user.pk, role="grid_worker", body=town.bodies["committee"], place=town.places[GRID_2], by=None)
    assert [one.place_id for one in held_today(user.pk)] == [town.places[GRID_2].pk]
    town.bodies["committee"].is_active = False
    town.bodies["committee"].save()
    assert held_today(user.pk) == ()


def test_who_may_keep_places_and_print_labels(town: Town) -> None:
    assert is_operator(town.users["operator"])
    assert not is_operator(town.users["leader"])
    assert not is_operator(None)
    assert {name for name in town.users if can_print_labels(town.actor(name))} == {
        "grid_worker",
        "other_grid_worker",
        "secretary",
        "steward",
    }
