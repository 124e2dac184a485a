"""The settings page of places: the same door as every file, no way around it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from gongzhi.community.actions import end_place
from gongzhi.community.models import Facility, Place
from gongzhi.community.territory import territory
from gongzhi.kernel.models import AuditEntry
from tests.cast import COMMUNITY, GRID, GRID_2, IN_GRID, STREET, Town, square

pytestmark = pytest.mark.django_db
ADD = "/admin/community/place/add/"


def sent(**more: Any) -> dict[str, Any]:
    return {
        "kind": "grid",
        "name": "新网格",
        "name_en": "",
        "polygon": "",
        "households": "",
        "community_type": "",
        "in_force_on": "",
    } | more


def change(town: Town, code: str) -> str:
    return f"/admin/community/place/{town.places[code].pk}/change/"


def errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["adminform"].form.errors)


def test_a_new_place_gets_its_path_and_is_found_at_once(town: Town) -> None:
    polygon = json.dumps(square(103.2, 25.2, 0.1, 0.1))
    data = sent(code=f"{COMMUNITY}003", parent=town.places[COMMUNITY].pk, polygon=polygon, households=320)
    assert town.client("operator").post(ADD, data).status_code == 302
    place = Place.objects.get(code=f"{COMMUNITY}003")
    assert (place.path, place.households, place.max_lng) == (f"530302/{STREET}/{COMMUNITY}/{COMMUNITY}003/", 320, pytest.approx(103.3))
    found = territory().locate(103.25, 25.25)
    assert found is not None
    assert found.code == place.code
    assert AuditEntry.objects.filter(verb="places.save", actor_id=town.users["operator"].pk).count() == 1


@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        ({"code": "53030200100100", "parent": COMMUNITY}, "code", "位数不对"),
        ({"code": f"{COMMUNITY}003", "parent": STREET}, "parent", "不能直接放在"),
        (
            {"code": f"{COMMUNITY}003", "parent": COMMUNITY, "polygon": '{"type": "Point", "coordinates": [1, 2]}'},
            "polygon",
            "不能是点或线",
        ),
        ({"code": f"{COMMUNITY}003", "parent": COMMUNITY, "polygon": "x"}, "polygon", "不是 GeoJSON"),
        ({"code": GRID, "parent": COMMUNITY}, "code", ""),
    ],
)
def test_what_is_wrong_stands_at_its_field(town: Town, data: dict[str, Any], field: str, says: str) -> None:
    before = list(Place.objects.values())
    answer = town.client("operator").post(ADD, sent(**data | {"parent": town.places[data["parent"]].pk}))
    assert answer.status_code == 200
    assert says in str(errors(answer)[field])
    assert list(Place.objects.values()) == before


def test_a_change_moves_what_stands_below_and_blank_becomes_blank(town: Town) -> None:
    operator = town.client("operator")
    data = sent(kind="community", name="潇湘社区", parent=town.places["530302002"].pk)
    assert operator.post(change(town, COMMUNITY), data).status_code == 302
    community = Place.objects.get(code=COMMUNITY)
    assert (community.polygon, community.min_lng, community.community_type) == ("", None, "")
    assert Place.objects.get(code=GRID).path == f"530302/530302002/{COMMUNITY}/{GRID}/"
    assert territory().address_of(Place.objects.get(code=GRID).pk) == "建宁街道 · 潇湘社区 · 第一网格"


def test_a_code_cannot_be_changed_and_a_place_not_deleted(town: Town) -> None:
    operator = town.client("operator")
    operator.post(change(town, GRID), sent(name="改名", code=f"{COMMUNITY}077", parent=town.places[COMMUNITY].pk))
    assert Place.objects.get(pk=town.places[GRID].pk).code == GRID
    assert operator.post(f"/admin/community/place/{town.places[GRID_2].pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in operator.get("/admin/community/place/").content.decode()


def act(client: Client, name: str, *places: Place) -> str:
    answer = client.post("/admin/community/place/", {"action": name, "_selected_action": [one.pk for one in places]}, follow=True)
    return str(answer.content.decode())


def test_places_are_ended_and_revived_in_words(town: Town) -> None:
    operator = town.client("operator")
    assert "下面还有在用的区域" in act(operator, "end", town.places[COMMUNITY])
    act(operator, "end", town.places[COMMUNITY], town.places[GRID], town.places[GRID_2])
    assert Place.objects.exclude(ended_on=None).count() == 3
    found = territory().locate(*IN_GRID)
    assert found is not None
    assert found.code == STREET
    page = operator.post(change(town, GRID), sent(name="改名", parent=town.places[COMMUNITY].pk))
    assert "已经停用" in page.content.decode()
    act(operator, "revive", town.places[COMMUNITY], town.places[GRID])
    assert {GRID, COMMUNITY} <= set(territory().by_code)
    assert GRID_2 not in territory().by_code


def test_an_ended_place_is_ended_once(town: Town) -> None:
    end_place(place=town.places[GRID], by=None)
    assert "刚刚被别人改动过" in act(town.client("operator"), "end", town.places[GRID])


def test_a_thing_gets_its_number_for_the_label_once(town: Town) -> None:
    operator = town.client("operator")
    data = {
        "code": "L2", "kind": "lamp", "name": "4号路灯", "owner": town.bodies["lighting"].pk, "place": town.places[GRID].pk,
        "lng": "103.05", "lat": "25.05", "is_active": "on",
    }  # fmt: skip
    assert operator.post("/admin/community/facility/add/", data).status_code == 302
    lamp = Facility.objects.get(code="L2")
    assert len(lamp.tag) >= 11
    assert operator.post(f"/admin/community/facility/{lamp.pk}/change/", data | {"tag": "OTHER", "name": "5号路灯"}).status_code == 302
    assert (Facility.objects.get(code="L2").tag, Facility.objects.get(code="L2").name) == (lamp.tag, "5号路灯")
