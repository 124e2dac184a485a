"""/api/v1/: acts, refusals, scopes, and the statements each call costs."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.accounts.models import ApiToken
from gongzhi.accounts.tokens import create_token
from gongzhi.cases.acts import ACTS
from gongzhi.cases.api.inputs import ActValues
from gongzhi.cases.models import Case
from gongzhi.kernel import clock
from tests.cast import IN_OTHER, Town

PHOTO = Path(__file__).parents[1] / "photo.png"
ALL = ("cases:read", "cases:write", "cases:act")


class Caller:
    """A program with one person's token."""

    def __init__(self, town: Town, name: str, scopes: tuple[str, ...] = ALL) -> None:
        token, raw = create_token(by=town.users[name], name="测试", scopes=scopes)
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=clock.today())
        self.headers = {"Authorization": f"Bearer {raw}"}
        self.client = Client()

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=self.headers)

    def post(self, path: str, body: dict[str, Any], **headers: str) -> Any:
        return self.client.post(f"/api/v1/{path}", json.dumps(body), "application/json", headers=self.headers | headers)


BODY = {"description": "路灯不亮", "category": "lamp", "lng": 103.05, "lat": 25.05}


def statements(context: CaptureQueriesContext) -> list[str]:
    """Statements without the transaction's own."""
    return [row["sql"] for row in context if not row["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]


def test_a_case_is_created_read_and_acted_on(town: Town) -> None:
    made = Caller(town, "resident").post("cases", BODY)
    assert made.status_code == 201
    code = made.json()["code"]
    desk = Caller(town, "dispatcher")
    assert desk.get(f"cases/{code}").json()["acts"][0] == "accept"
    assert desk.post(f"cases/{code}/acts/accept", {"values": {"note": "好的"}}).json()["state"] == "accepted"
    assert desk.post(f"cases/{code}/acts/dispatch", {}).json()["body"] == "lighting"
    assert [step["verb"] for step in desk.get(f"cases/{code}").json()["steps"]] == ["register", "accept", "dispatch"]


def test_a_repeat_with_the_same_key_is_the_same_case(town: Town) -> None:
    caller = Caller(town, "resident")
    first = caller.post("cases", BODY, **{"Idempotency-Key": "one"})
    again = caller.post("cases", BODY, **{"Idempotency-Key": "one"})
    other = caller.post("cases", BODY | {"description": "另一件"}, **{"Idempotency-Key": "one"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json()["code"] == again.json()["code"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"description": ""}, "description"),
        ({"category": "nothing"}, "category"),
        ({"lng": 200.0}, "lat"),
        ({"lat": None}, "lat"),
        ({"facility_tag": "NOPE"}, "facility_tag"),
        ({"category": "noise"}, "answer_when"),
    ],
)
def test_bad_input_is_refused_at_its_field(town: Town, body: dict[str, Any], field: str) -> None:
    answer = Caller(town, "resident").post("cases", BODY | body)
    assert answer.status_code == 400
    assert answer.json()["field"] == field
    assert answer.json()["detail"]
    assert not Case.objects.exists()


def test_a_token_does_only_what_its_scope_says(town: Town) -> None:
    reader = Caller(town, "dispatcher", ("cases:read",))
    assert reader.post("cases", BODY).status_code == 403
    assert reader.get("cases").status_code == 200
    assert Client().get("/api/v1/cases").status_code == 401


def test_foreign_and_unknown_answer_alike(town: Town) -> None:
    case = town.case(point=IN_OTHER)
    caller = Caller(town, "dispatcher")
    foreign, unknown = caller.get(f"cases/{case.code}"), caller.get("cases/GZ-222-2222-2222")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_a_stale_version_is_a_conflict(town: Town) -> None:
    case = town.case()
    caller = Caller(town, "dispatcher")
    assert caller.post(f"cases/{case.code}/acts/accept", {"version": 1}).status_code == 200
    assert caller.post(f"cases/{case.code}/acts/dispatch", {"version": 1}).status_code == 409


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_stay_few_whatever_the_rows(town: Town, rows: int) -> None:
    for number in range(rows):
        town.case(description=f"第{number}盏路灯")
    case = town.case()
    desk, resident = Caller(town, "dispatcher"), Caller(town, "resident")
    desk.get("cases"), desk.get(f"cases/{case.code}"), resident.post("cases", BODY)
    with CaptureQueriesContext(connection) as listing:
        desk.get("cases?size=200")
    with CaptureQueriesContext(connection) as reading:
        desk.get(f"cases/{case.code}")
    with CaptureQueriesContext(connection) as creating:
        assert resident.post("cases", BODY, **{"Idempotency-Key": f"k{rows}"}).status_code == 201
    assert len(statements(listing)) <= 4, statements(listing)
    assert len(statements(reading)) <= 4, statements(reading)
    assert len(statements(creating)) <= 12, statements(creating)


@pytest.mark.parametrize("rows", [1, 3])
def test_reading_stays_cheap_for_whoever_approves_or_looks_a_second_time(town: Town, rows: int) -> None:
    case = town.drive(town.case(), "in_hand")
    handler, approver = Caller(town, "handler"), Caller(town, "approver")
    until = (clock.today() + dt.timedelta(days=9)).isoformat()
    asking = handler.post(f"cases/{case.code}/acts/ask_extension", {"values": {"until": until, "reason": "等配件"}})
    assert asking.status_code == 200, asking.json()
    for _ in range(rows):
        approver.get(f"cases/{case.code}")
    with CaptureQueriesContext(connection) as reading:
        assert {"grant", "deny"} <= set(approver.get(f"cases/{case.code}").json()["acts"])
    assert len(statements(reading)) <= 4, statements(reading)


def test_an_approval_is_offered_only_while_something_is_asked(town: Town) -> None:
    case = town.drive(town.case(), "in_hand")
    assert not {"grant", "deny"} & set(Caller(town, "approver").get(f"cases/{case.code}").json()["acts"])


def test_the_reporter_is_told_what_he_may_do(town: Town) -> None:
    case = town.drive(town.case(), "closed")
    reporter = Caller(town, "resident")
    assert reporter.get(f"cases/{case.code}").json()["acts"] == ["reopen", "rate"]
    assert reporter.post(f"cases/{case.code}/acts/rate", {"values": {"stars": 5}}).json()["rating"] == 5


def test_codes_stand_for_bodies_wordings_and_categories(town: Town) -> None:
    desk = Caller(town, "dispatcher")
    refused = town.case()
    assert (
        desk.post(f"cases/{refused.code}/acts/refuse", {"values": {"ground": "not_ours", "note": "请找物业"}}).json()["state"] == "refused"
    )
    case = town.drive(town.case(), "accepted")
    corrected = desk.post(f"cases/{case.code}/acts/correct", {"values": {"category": "pothole", "reason": "是坑"}}).json()
    assert (corrected["category"], corrected["lng"]) == ("pothole", case.lng)
    sent = desk.post(f"cases/{case.code}/acts/dispatch", {"values": {"body": "roads", "reason": "归城管"}})
    assert (sent.status_code, sent.json()["body"]) == (200, "roads")


@pytest.mark.parametrize(
    ("values", "status", "field"),
    [
        ({"body": "nobody", "reason": "x"}, 400, "body"),
        ({"body": "other_street", "reason": "x"}, 400, "body"),
        ({"until": "2026-12-01"}, 400, "until"),
        ({"until": 5}, 422, "values.until"),
        ({"until": "2026-12-01T10:00:00"}, 422, "values.until"),
        ({"stars": 6}, 422, "values.stars"),
        ({"nothing": 1}, 422, "values.nothing"),
        ({"note": 5}, 422, "values.note"),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_wrong_value_is_refused_at_its_field_in_the_callers_language(
    town: Town, values: dict[str, Any], status: int, field: str, language: str
) -> None:
    case = town.drive(town.case(), "accepted")
    town.users["dispatcher"].locale = language
    town.users["dispatcher"].save()
    answer = Caller(town, "dispatcher").post(f"cases/{case.code}/acts/dispatch", {"values": values})
    said = answer.json()
    assert (answer.status_code, answer["Content-Type"], said["field"]) == (status, "application/problem+json", field)
    assert answer["Content-Language"] == language
    assert bool(re.search("[\u4e00-\u9fff]", said["detail"])) == (language == "zh-hans"), said
    assert not re.search(r"\b\d{1,3} (is not|不在)", said["detail"]), "no key of a row"
    assert town.fresh(case).state == "accepted"


def test_accept_language_wins_over_the_account(town: Town) -> None:
    said = Caller(town, "resident").client.get("/api/v1/cases", headers={"Accept-Language": "en"}).json()
    assert (said["code"], said["status"]) == ("no_token", 401)
    assert "token" in said["detail"]


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "5", '{"description": "\\ud800"}', '{"description": "a\\u0000b"}', '{"lat": NaN}', '{"lat": 1e400}']
)
def test_a_body_that_cannot_be_read_is_said_to_be(town: Town, body: str) -> None:
    caller = Caller(town, "resident")
    answer = caller.client.post("/api/v1/cases", body, "application/json", headers=caller.headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]
    assert not Case.objects.exists()


@pytest.mark.parametrize(("method", "path", "status"), [("get", "nothing", 404), ("get", "cases/%00", 404), ("delete", "cases", 405)])
def test_what_is_not_there_is_a_problem_too(town: Town, method: str, path: str, status: int) -> None:
    answer = getattr(Client(), method)(f"/api/v1/{path}")
    assert (answer.status_code, answer["Content-Type"], answer.json()["status"]) == (status, "application/problem+json", status)


def test_a_photo_is_left_first_and_sent_along(town: Town) -> None:
    caller = Caller(town, "resident")
    picture = SimpleUploadedFile("photo.png", PHOTO.read_bytes(), "image/png")
    left = caller.client.post("/api/v1/photos", {"file": picture}, headers=caller.headers)
    assert left.status_code == 201
    made = caller.post("cases", BODY | {"photos": [left.json()["token"]]})
    assert made.status_code == 201
    assert Case.objects.get(code=made.json()["code"]).photos == [left.json()["token"]]
    foreign = Caller(town, "neighbour").post("cases", BODY | {"photos": [left.json()["token"]]})
    assert (foreign.status_code, foreign.json()["field"]) == (409, "photos")
    wrong = caller.client.post("/api/v1/photos", {"file": SimpleUploadedFile("a.png", b"no picture", "image/png")}, headers=caller.headers)
    assert (wrong.status_code, wrong.json()["field"]) == (400, "file")


@pytest.mark.parametrize("path", ["bodies", "wordings", "cases"])
def test_lists_ask_for_their_scope(town: Town, path: str) -> None:
    assert Client().get(f"/api/v1/{path}").status_code == 401
    writer = Caller(town, "dispatcher", ("cases:write",)).get(path)
    assert (writer.status_code, writer.json()["code"]) == (403, "not_allowed")
    assert Caller(town, "dispatcher", ("cases:read",)).get(path).status_code == 200


def test_bodies_of_a_case_are_those_it_can_be_given_to(town: Town) -> None:
    case = town.case()
    everywhere = [row["code"] for row in Caller(town, "dispatcher").get("bodies").json()]
    near = [row["code"] for row in Caller(town, "dispatcher").get(f"bodies?case={case.code}").json()]
    assert {"other_street", "lighting"} <= set(everywhere)
    assert "lighting" in near
    assert "other_street" not in near
    assert Caller(town, "other_dispatcher").get(f"bodies?case={case.code}").status_code == 404
    assert [row["code"] for row in Caller(town, "dispatcher").get("wordings?kind=legal_route").json()] == ["petition"]


def test_every_act_of_the_table_is_listed_with_what_it_asks(town: Town) -> None:
    rows = {row["name"]: [ask["name"] for ask in row["asks"]] for row in Client().get("/api/v1/acts").json()}
    assert rows.keys() == ACTS.keys()
    assert rows["correct"] == ["category", "lng", "lat", "address", "reason"]
    assert {name for names in rows.values() for name in names} <= set(ActValues.model_fields), "each can be sent"
