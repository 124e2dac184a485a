"""Where a person can go."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory

from gongzhi.community.actors import Held
from gongzhi.web import navigation


def request_of(path: str, *held: str) -> Any:
    request = RequestFactory().get(path)
    posts = tuple(Held(1, role, 1, 1, None) for role in held)
    request.user = SimpleNamespace(is_authenticated=bool(held), pk=1, _held_today=posts)
    return request


@pytest.fixture
def area(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(navigation, "_items", {"desk": {}})
    item = navigation.NavItem
    navigation.register(area="desk", item=item("b", "样式", "web:styleguide", "x", order=2))
    navigation.register(area="desk", item=item("c", "台", "web:styleguide_desk", "x", navigation.roles("dispatcher"), order=3))
    navigation.register(area="desk", item=item("a", "没建", "nowhere:yet", "x", order=1))
    navigation.register(area="desk", item=item("d", "通知", "web:notices", "x", badge=lambda request: 7, order=1))
    return "desk"


def keys(links: list[navigation.NavLink]) -> list[str]:
    return [link.key for link in links]


def test_a_page_that_does_not_exist_is_left_out_and_order_holds(area: str) -> None:
    assert keys(navigation.links(request_of("/"), area)) == ["d", "b"]


def test_roles_open_what_is_theirs_only(area: str) -> None:
    assert "c" in keys(navigation.links(request_of("/", "dispatcher"), area))
    assert "c" not in keys(navigation.links(request_of("/", "handler"), area))
    assert "c" not in keys(navigation.links(request_of("/"), area))


def test_the_longest_address_is_the_active_one(area: str) -> None:
    links = navigation.links(request_of("/styleguide/desk/1", "dispatcher"), area)
    assert [link.key for link in links if link.active] == ["c"]
    assert [link.badge for link in links] == [7, None, None]


def test_grid_workers_have_their_own_bar() -> None:
    assert navigation.phone_area(request_of("/", "grid_worker")) == "grid"
    assert navigation.phone_area(request_of("/", "dispatcher")) == "resident"
    assert navigation.phone_area(request_of("/")) == "resident"


def test_a_resident_and_a_grid_worker_see_no_desk() -> None:
    assert navigation.links(request_of("/"), navigation.DESK) == []
    assert navigation.links(request_of("/", "grid_worker"), navigation.DESK) == []
