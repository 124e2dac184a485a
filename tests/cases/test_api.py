"""/api/v1/: acts, refusals, scopes, and the statements each call costs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.accounts.models import ApiToken
from gongzhi.accounts.tokens import create_token
from gongzhi.cases.models import Case
from gongzhi.kernel import clock
from tests.cast import IN_OTHER, Town

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
