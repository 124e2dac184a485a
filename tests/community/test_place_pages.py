"""The operator's pages: the tree one level at a time, and a file looked at before it comes in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.community import queries
from gongzhi.community.actions import PlaceData, give_post, importing, save_place, save_places
from gongzhi.community.models import Place, PlaceUpload
from gongzhi.kernel.models import AuditEntry
from tests.cast import COMMUNITY, DISTRICT, GRID, STREET, Town, square

pytestmark = pytest.mark.django_db
ROOT, IMPORT = "/desk/places/", "/desk/places/import/"


def at(code: str) -> str:
    return f"/desk/places/at/{code}/"


@pytest.fixture
def operator(town: Town) -> Client:
    """One who holds the post and no rights beside it."""
    user = town.users["operator"]
    user.is_superuser = user.is_staff = False
    user.save()
    give_post(user_id=user.pk, role="operator", body=town.bodies["centre"], place=town.places[DISTRICT], by=None)
    return town.client("operator")


@pytest.mark.parametrize("url", [ROOT, at(COMMUNITY), at(COMMUNITY) + "outline.geojson", IMPORT, "/sheets/new/community.facilities/"])
def test_operators_alone_come_in(town: Town, operator: Client, url: str) -> None:
    assert Client().get(url).status_code == 302
    for name in ("resident", "grid_worker", "dispatcher", "secretary", "leader"):
        assert town.client(name).get(url).status_code == 403, name
    assert operator.get(url).status_code == 200


def test_who_has_all_rights_comes_in_before_there_is_a_place(db: None, django_user_model: Any) -> None:
    django_user_model.objects.create(username="root", is_superuser=True)
    client = Client()
    client.force_login(django_user_model.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "还没有区域" in client.get(ROOT).content.decode()


def names(answer: Any) -> list[str]:
    return [row["node"].name for row in answer.context["rows"]]


def test_the_tree_is_walked_down_and_up(operator: Client, town: Town) -> None:
    assert names(operator.get(ROOT)) == ["麒麟区"]
    assert names(operator.get(at(DISTRICT))) == ["南宁街道", "建宁街道"]
    answer = operator.get(at(COMMUNITY))
    assert names(answer) == ["第一网格", "第二网格"]
    assert [node.code for node in answer.context["trail"]] == [DISTRICT, STREET]
    assert operator.get(at("530302009")).status_code == 404
    assert "这里下面还没有区域" in operator.get(at(GRID)).content.decode()


def test_a_row_counts_what_is_below_and_says_whether_it_is_drawn(operator: Client, town: Town) -> None:
    save_place(data=PlaceData("grid", f"{COMMUNITY}003", "第三网格", COMMUNITY), by=None)
    (street, _other) = operator.get(at(DISTRICT)).context["rows"]
    assert (street["children"], street["grids"], street["households"], street["is_drawn"]) == (1, 3, 750, True)
    page = operator.get(at(COMMUNITY))
    assert [row["is_drawn"] for row in page.context["rows"]] == [True, True, False]
    assert "没有边界" in page.content.decode()


def test_households_of_a_place_itself_go_before_the_sum(town: Town) -> None:
    save_place(data=PlaceData("community", COMMUNITY, "潇湘社区", STREET, households=1200), by=None)
    held = queries.territory().by_code
    assert (queries.households_of(held[COMMUNITY]), queries.households_of(held[DISTRICT])) == (1200, 1580)


def test_many_grids_come_page_by_page_at_the_same_cost(operator: Client, town: Town) -> None:
    def cost(url: str) -> int:
        operator.get(url)
        with CaptureQueriesContext(connection) as asked:
            operator.get(url)
        return len(asked)

    few = cost(at(COMMUNITY))
    save_places(rows=[PlaceData("grid", f"{COMMUNITY}{number:03d}", f"{number}格", COMMUNITY) for number in range(3, 120)], by=None)
    assert cost(at(COMMUNITY)) == few <= 8
    seen, after = list[str](), ""
    for _page in range(3):
        answer = operator.get(at(COMMUNITY), {"after": after})
        assert len(answer.context["rows"]) <= 50
        seen += [row["node"].code for row in answer.context["rows"]]
        after = answer.context["pager"]["next"]
    assert (len(seen), len(set(seen)), after) == (119, 119, "")


def test_a_search_finds_a_place_anywhere(operator: Client, town: Town) -> None:
    assert names(operator.get(ROOT, {"q": "第一网格"})) == ["第一网格", "第一网格"]
    assert names(operator.get(ROOT, {"q": COMMUNITY + "002"})) == ["第二网格"]
    assert "没有找到这个区域" in operator.get(ROOT, {"q": "月球"}).content.decode()


def test_outlines_are_of_what_is_below_else_of_the_place(operator: Client, town: Town) -> None:
    drawn = operator.get(at(COMMUNITY) + "outline.geojson").json()["features"]
    assert [one["properties"]["name"] for one in drawn] == ["第一网格", "第二网格"]
    own = operator.get(at(GRID) + "outline.geojson").json()["features"]
    assert [one["properties"]["name"] for one in own] == ["第一网格"]


# A file


def upload(client: Client, content: Any, name: str = "areas.geojson", **more: str) -> Any:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    data = {"act": "upload", "file": SimpleUploadedFile(name, text.encode()), "level": "", "parent": "", "datum": "wgs84"} | more
    return client.post(IMPORT, data)


def grids(*rows: tuple[str, str, float]) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": square(lng, 25.2, 0.1, 0.1)} for code, name, lng in rows
    ]
    return {"type": "FeatureCollection", "features": features}


FILE = grids(
    (f"{COMMUNITY}003", "第三网格", 103.3),
    (GRID, "改名网格", 103.4),
    ("530302009009001", "没有上级", 103.2),
    (f"{COMMUNITY}004", "第四网格", 103.35),
)


def test_a_file_is_looked_at_first_and_then_comes_in(operator: Client, town: Town) -> None:
    before = list(Place.objects.order_by("pk").values())
    assert upload(operator, FILE, level="grid").status_code == 302
    look = operator.get(IMPORT)
    assert [look.context[key] for key in ("created", "changed", "same", "refused_count")] == [2, 1, 0, 1]
    page = look.content.decode()
    for words in (
        "530302009009001：找不到上级 530302009009",
        "“潇湘社区第三网格”和“潇湘社区第四网格”的边界有重叠",
        "改名网格",
        "导入 3 个",
    ):
        assert words in page
    assert list(Place.objects.order_by("pk").values()) == before
    done = operator.post(IMPORT, {"act": "commit", "seal": look.context["seal"]}, follow=True)
    assert "新增 2 个，更新 1 个，没有导入 1 个" in done.content.decode()
    assert Place.objects.get(code=GRID).name == "改名网格"
    assert Place.objects.filter(code=f"{COMMUNITY}003").exists()
    assert AuditEntry.objects.filter(verb="places.save", actor_id=town.users["operator"].pk).count() == 1
    # A second click finds nothing to do and says so.
    assert operator.post(IMPORT, {"act": "commit", "seal": look.context["seal"]}).status_code == 404


def test_codes_come_in_by_the_same_page(operator: Client, town: Town) -> None:
    upload(operator, f"代码,名称\n{STREET}003,新社区居委会\n", "codes.csv")
    look = operator.get(IMPORT)
    assert (look.context["created"], look.context["refused_count"]) == (1, 0)
    operator.post(IMPORT, {"act": "commit", "seal": look.context["seal"]})
    assert Place.objects.get(code=f"{STREET}003").name == "新社区"


def test_what_was_looked_at_is_what_comes_in(operator: Client, town: Town) -> None:
    upload(operator, FILE, level="grid")
    seal = operator.get(IMPORT).context["seal"]
    save_place(data=PlaceData("grid", f"{COMMUNITY}003", "别人先建的", COMMUNITY), by=None)
    answer = operator.post(IMPORT, {"act": "commit", "seal": seal}, follow=True)
    assert "请再看一遍" in answer.content.decode()
    assert (Place.objects.get(code=GRID).name, answer.context["changed"]) == ("第一网格", 2)
    operator.post(IMPORT, {"act": "commit", "seal": answer.context["seal"]})
    assert Place.objects.get(code=GRID).name == "改名网格"


def test_nothing_is_half_done_when_writing_fails(operator: Client, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(operator, FILE, level="grid")
    seal = operator.get(IMPORT).context["seal"]
    before = list(Place.objects.order_by("pk").values())

    def broken(**_facts: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("gongzhi.community.actions.places.audit.record", broken)
    with pytest.raises(RuntimeError):
        importing.commit_upload(upload=PlaceUpload.objects.get(), seal=seal, by=town.users["operator"].pk)
    assert list(Place.objects.order_by("pk").values()) == before
    assert PlaceUpload.objects.count() == 1


def test_a_file_can_be_dropped_and_replaced(operator: Client, town: Town) -> None:
    upload(operator, FILE, level="grid")
    upload(operator, grids((f"{COMMUNITY}005", "第五网格", 103.3)), level="grid")
    assert PlaceUpload.objects.count() == 1
    assert "第五网格" in operator.get(IMPORT).content.decode()
    assert "已经放弃" in operator.post(IMPORT, {"act": "drop"}, follow=True).content.decode()
    assert not PlaceUpload.objects.exists()
    assert operator.post(IMPORT, {"act": "dance"}).status_code == 404


@pytest.mark.parametrize(("content", "says"), [("{", "不是 GeoJSON"), ("a,b\n1,2\n", "要有“代码”和“名称”两列"), ("", "文件是空的")])
def test_a_file_that_is_none_is_told_at_the_field(operator: Client, town: Town, content: str, says: str) -> None:
    answer = upload(operator, content)
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors["file"])


def test_a_file_that_brings_nothing_has_no_button(operator: Client, town: Town) -> None:
    upload(operator, grids(("530302009009001", "没有上级", 103.2)), level="grid")
    page = operator.get(IMPORT).content.decode()
    assert 'value="commit"' not in page
    assert "进不来的" in page


def test_a_file_of_somebody_else_is_not_seen(operator: Client, town: Town) -> None:
    upload(operator, FILE, level="grid")
    other = town.users["leader"]
    give_post(user_id=other.pk, role="operator", body=town.bodies["centre"], place=town.places[DISTRICT], by=None)
    client = town.client("leader")
    assert "form" in client.get(IMPORT).context
    assert client.post(IMPORT, {"act": "commit", "seal": "x"}).status_code == 404
    assert reverse("community:import") == IMPORT
