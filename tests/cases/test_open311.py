"""Open311 GeoReport v2 as clients nobody here wrote see it, in JSON and XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client

from gongzhi.accounts.tokens import create_token
from gongzhi.cases import actions
from gongzhi.cases.models import Case
from tests.cast import Town

ROOT = "/open311/v2"
FILED = {"api_key": "demo", "service_code": "lamp", "lat": "25.05", "long": "103.05", "description": "路灯不亮", "phone": "13800000000"}


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.GONGZHI_DEMO = True


def published(town: Town, **more: Any) -> Case:
    case = town.case(may_publish=True, **more)
    actions.publish_words(case=case, by=town.actor("dispatcher"), words="麒麟路路灯不亮", is_public=True)
    return town.fresh(case)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_discovery_has_every_field(town: Town, form: str) -> None:
    answer = Client().get(f"{ROOT}/discovery.{form}")
    if form == "json":
        found = answer.json()
        assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
        assert set(found["endpoints"][0]) == {"specification", "url", "changeset", "type", "formats"}
        assert found["endpoints"][0]["url"].endswith("/open311/v2")
    else:
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        root = ET.fromstring(answer.content)
        assert root.tag == "discovery"
        assert [one.tag for one in root] == ["changeset", "contact", "key_service", "endpoints"]
        assert len(root.findall("endpoints/endpoint/formats/format")) == 2


def test_services_and_definitions(town: Town) -> None:
    services = Client().get(f"{ROOT}/services.json").json()
    assert {row["service_code"]: row["metadata"] for row in services} == {"lamp": False, "pothole": False, "noise": True}
    assert all(isinstance(row["service_code"], str) and row["type"] == "realtime" for row in services)
    root = ET.fromstring(Client().get(f"{ROOT}/services.xml").content)
    assert (root.tag, root[0].tag) == ("services", "service")
    definition = Client().get(f"{ROOT}/services/noise.json").json()
    assert definition["service_code"] == "noise"
    assert set(definition["attributes"][0]) == {
        "variable", "code", "datatype", "required", "datatype_description", "order", "description", "values",
    }  # fmt: skip
    assert definition["attributes"][0]["values"] == [{"key": "day", "name": "白天"}, {"key": "night", "name": "夜里"}]
    root = ET.fromstring(Client().get(f"{ROOT}/services/noise.xml").content)
    assert root.tag == "service_definition"
    assert root.findtext("attributes/attribute/values/value/key") == "day"
    assert Client().get(f"{ROOT}/services/nothing.json").status_code == 404


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_request_is_filed_worked_and_closes_there(town: Town, form: str) -> None:
    answer = Client().post(f"{ROOT}/requests.{form}", FILED)
    assert answer.status_code == 201
    if form == "json":
        row = answer.json()[0]
        assert set(row) == {"service_request_id", "service_notice", "account_id"}
        code = row["service_request_id"]
    else:
        code = ET.fromstring(answer.content).findtext("request/service_request_id")
    case = Case.objects.get(code=code)
    assert (case.channel, case.grid_id) == ("open311", town.places["530302001001001"].pk)
    assert case.code in town.client("dispatcher").get("/desk/").content.decode()
    assert Client().get(f"{ROOT}/requests/{code}.json").json()[0]["status"] == "open"
    town.drive(case, "closed")
    shown = Client().get(f"{ROOT}/requests/{code}.json").json()[0]
    assert shown["status"] == "closed"
    assert Client().get(f"{ROOT}/tokens/{code}.json").json() == [{"service_request_id": code, "token": code}]


def test_only_what_is_public_leaves(town: Town) -> None:
    hidden, shown = town.case(may_publish=True), published(town, description="我叫张三，住3栋502，路灯坏了")
    rows = Client().get(f"{ROOT}/requests.json").json()
    assert [row["service_request_id"] for row in rows] == [shown.code]
    text = Client().get(f"{ROOT}/requests/{shown.code}.json").content.decode()
    assert "张三" not in text
    assert "麒麟路1号" not in text
    assert Client().get(f"{ROOT}/requests/{hidden.code}.json").status_code == 404
    filed = Client().post(f"{ROOT}/requests.json", FILED | {"description": "我的电话13800000000"}).json()[0]["service_request_id"]
    assert "13800000000" not in Client().get(f"{ROOT}/requests/{filed}.json").content.decode()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": "wrong"}, 403),
        ({"api_key": ""}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "nothing"}, 404),
        ({"lat": ""}, 400),
        ({"lat": "abc"}, 400),
        ({"lat": "250"}, 400),
        ({"lat": "", "long": ""}, 400),
        ({"service_code": "noise"}, 400),
        ({"description": "长" * 4001}, 400),
    ],
)
def test_errors_are_arrays_of_code_and_description(town: Town, change: dict[str, str], status: int) -> None:
    answer = Client().post(f"{ROOT}/requests.json", FILED | change)
    assert answer.status_code == status
    assert answer.json()[0]["code"] == str(status)
    assert answer.json()[0]["description"]
    root = ET.fromstring(Client().post(f"{ROOT}/requests.xml", FILED | change).content)
    assert (root.tag, root[0].tag) == ("errors", "error")
    assert not Case.objects.exists()


def test_answers_and_address_are_taken(town: Town) -> None:
    body = {"api_key": "demo", "service_code": "noise", "address_string": "麒麟路1号", "attribute[when]": "night", "description": "吵"}
    code = Client().post(f"{ROOT}/requests.json", body).json()[0]["service_request_id"]
    case = Case.objects.get(code=code)
    assert case.attributes == {"when": "night"}
    assert case.address == "麒麟路1号"


def test_lists_are_narrowed(town: Town) -> None:
    lamp = published(town)
    town.drive(published(town, category="pothole"), "accepted")
    ids = lambda query: [row["service_request_id"] for row in Client().get(f"{ROOT}/requests.json?{query}").json()]  # noqa: E731
    assert len(ids("")) == 2
    assert ids("service_code=lamp") == [lamp.code]
    assert ids(f"service_request_id={lamp.code},GZ-222-2222-2222&status=closed") == [lamp.code]
    assert ids("status=closed") == []
    assert len(ids("status=open,closed&service_code=")) == 2
    assert len(ids("page=2&page_size=1")) == 1
    assert ids("start_date=2011-01-01T00:00:00Z&end_date=2011-02-01T00:00:00Z") == []
    for wrong in ("status=broken", "start_date=yesterday", "page=0", "start_date=2026-01-01T00:00:00Z&end_date=2026-08-01T00:00:00Z"):
        assert Client().get(f"{ROOT}/requests.json?{wrong}").status_code == 400


def test_a_personal_token_is_a_key(town: Town) -> None:
    _token, raw = create_token(by=town.users["resident"], name="Open311", scopes=["cases:write"])
    assert Client().post(f"{ROOT}/requests.json", FILED | {"api_key": raw}).status_code == 201
    _token, raw = create_token(by=town.users["resident"], name="只读", scopes=["cases:read"])
    assert Client().post(f"{ROOT}/requests.json", FILED | {"api_key": raw}).status_code == 403


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_client_georeport_lists_services_and_reads_requests(live_server: Any, town: Town, form: str) -> None:
    from georeport import GeoReport  # slow: it brings requests along

    case = published(town)
    client = GeoReport(f"{live_server.url}{ROOT}", output_format=form)
    assert "lamp" in {row["service_code"] for row in client.get_service_list()}
    assert client.get_service_definition("noise")["service_code"] == "noise"
    found = client.get_service_requests(service_code="lamp", status="open")
    rows = found if isinstance(found, list) else [found]
    assert [row["service_request_id"] for row in rows] == [case.code]


@pytest.mark.parametrize("let_out", [True, False])
def test_an_exact_place_and_the_reporters_words_never_leave(town: Town, let_out: bool) -> None:
    filed = FILED | {"lat": "25.051234", "long": "103.051234", "address_string": "麒麟路12号3栋501室", "description": "我家在501，隔壁太吵"}
    code = Client().post(f"{ROOT}/requests.json", filed).json()[0]["service_request_id"]
    if let_out:
        actions.publish_words(case=Case.objects.get(code=code), by=town.actor("dispatcher"), words="隔壁噪声", is_public=True)
    answer = Client().get(f"{ROOT}/requests/{code}.json")
    said = answer.content.decode()
    assert "501" not in said
    assert (answer.json()[0]["lat"], answer.json()[0]["long"]) == (25.051, 103.051)
    assert "潇湘社区" in answer.json()[0]["address"]
