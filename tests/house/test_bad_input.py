"""Whatever stands in an address, a form or a JSON body: a sentence or an empty answer, never a fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gongzhi.accounts.tokens import create_token
from gongzhi.cases.acts import ACTS
from tests.cast import Town
from tests.once import ON_POSTGRES

pytestmark = pytest.mark.django_db
ZERO_ONLY = ON_POSTGRES
"""Only the zero character fares otherwise there, no column of PostgreSQL takes it, and whole numbers that no column holds."""
NASTY = (
    ("%00", "99999999999999999999999")
    if ON_POSTGRES
    else ("nan", "inf", "-inf", "1e400", "99999999999999999999999", "-1", "a%00b", "%ff%fe", "%F0%9F%98%80", "'", "..%2F..", "x" * 10_000)
)
NAMES = (
    "lat", "lng", "q", "after", "before", "place", "body", "state", "category", "since", "until", "ended", "tag", "description", "address",
    "bbox", "year", "list", "size", "page", "next", "open", "channel", "form", "code", "start_date", "end_date", "service_request_id",
    "kind",
)  # fmt: skip
WHO = ("dispatcher", "", "grid_worker", "operator")
LATE = frozenset({*ACTS} - {"take", "accept"})
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from routes(one.url_patterns, route)
        elif "^" not in route:
            yield route


ROUTES = sorted(set(routes(get_resolver().url_patterns)))


def addresses(value: str) -> Iterator[str]:
    """Every address of the product with this value in every place and parameter."""
    query = "&".join(f"{name}={value}&{name}[]={value}" for name in NAMES)
    for route in ROUTES:
        # Whole numbers in an address are digits, or it is another address.
        path = PARAMETER.sub(lambda found: "9" * 30 if found[1] == "int" else value if found[1] == "str" else "x", route)
        yield f"/{path}?{query}"


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_no_address_ends_in_a_fault(town: Town, number: int) -> None:
    town.case()
    name = WHO[number % len(WHO)]
    client = town.client(name) if name else Client()
    for address in addresses(NASTY[number]):
        assert client.get(address).status_code < 500, address


FIELDS = (
    "description", "category", "lat", "lng", "address", "facility_tag", "compound_tag", "photos", "name", "phone", "idempotency_key",
    "answer_when", "channel", "claim", "code", "act", "id", "next", "language", "done_note", "reason", "note", "words", "stars",
)  # fmt: skip
PLAIN = ("a\x00b",) if ZERO_ONLY else ("nan", "99999999999999999999999", "a\x00b", "\U0001f600", "x" * 5000, "'\"<b>")


@pytest.mark.parametrize("number", range(len(PLAIN)))
def test_no_form_ends_in_a_fault_and_what_was_typed_stays(town: Town, number: int) -> None:
    value, case = PLAIN[number], town.drive(town.case(), "dispatched")
    sent = dict.fromkeys(FIELDS, value)
    for path in ("/report/", "/claim/", "/here", "/preferences", f"/cases/{case.code}/join/", f"/cases/{case.code}/rate/"):
        assert town.client("resident").post(path, sent).status_code < 500, path
    staff = town.client("dispatcher" if number % 2 else "handler")
    for path in ("/desk/new/", "/desk/batch/", "/found/", *(f"/desk/cases/{case.code}/do/{name}/" for name in ACTS)):
        prefix = path.split("/do/")[-1].strip("/")
        assert staff.post(path, {**sent, **{f"{prefix}-{name}": value for name in FIELDS}}).status_code < 500, path
    kept = town.client("resident").post("/report/", {**sent, "description": "路灯坏了三天", "category": "lamp"})
    assert kept.status_code == 422
    assert "路灯坏了三天" in kept.content.decode()


VALUES: tuple[object, ...] = ("\x00",) if ZERO_ONLY else (5, 1e400, True, [5], {}, "\x00", "x" * 5000)


@pytest.mark.parametrize("value", VALUES)
def test_no_json_body_ends_in_a_fault(town: Town, value: object) -> None:
    case = town.drive(town.case(), "dispatched")
    raw = create_token(by=town.users["dispatcher"], name="t", scopes=["cases:read", "cases:write", "cases:act"])[1]
    ask: dict[str, Any] = {"content_type": "application/json", "headers": {"Authorization": f"Bearer {raw}"}}
    told = (
        "description",
        "category",
        "lat",
        "lng",
        "address",
        "answers",
        "contact",
        "photos",
        "facility_tag",
        "outside_key",
        "is_anonymous",
    )
    part = {"description": "灯不亮", "category": "lamp", "lat": 25.05, "lng": 103.05, "address": value, "answers": {"when": value}}
    for body in (dict.fromkeys(told, value), part):
        assert Client().post("/api/v1/cases", json.dumps(body), **ask).status_code < 500
    asked = ("note", "reason", "until", "body", "outcome", "stars", "into", "category", "lat", "lng", "photos", "words")
    for name in ACTS:
        said = json.dumps({"values": dict.fromkeys(asked, value), "version": None if name in LATE else value})
        assert Client().post(f"/api/v1/cases/{case.code}/acts/{name}", said, **ask).status_code < 500, name


@pytest.mark.parametrize("key", ["x" * 5000, '"abcdefgh\\000ijkl"', "\u00ff" * 40, "'"])
def test_no_cookie_ends_in_a_fault(db: None, key: str) -> None:
    """A cookie in quotes can carry any character."""
    for path in ("/", "/mine/", "/desk/"):
        assert Client(headers={"Cookie": f"sessionid={key}; csrftoken={key}"}).get(path).status_code < 500, path


PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n--b--\r\n'
WIRE = {
    "application/x-www-form-urlencoded": b"description=%00%ff%fe&photos=%00&" + b"a" * 3000 + b"=1",
    "application/x-www-form-urlencoded; charset=bogus": b"description=a",
    "application/x-www-form-urlencoded; charset=utf-16": b"description=a",
    "multipart/form-data": b"no boundary",
    "multipart/form-data; boundary=b": PART % (b"description", b"a\x00b\xff"),
    "multipart/form-data; boundary=b; x": PART % (b'file"; filename="\x00', b"\x00"),
    "application/json": b'{"description": "\\ud800"}',
    "text/xml": b"<a/>",
}  # fmt: skip


@pytest.mark.parametrize("kind", WIRE)
def test_no_body_on_the_wire_ends_in_a_fault(town: Town, kind: str) -> None:
    for path in ("/report/", "/files/", "/preferences", "/claim/", "/open311/v2/requests.json", "/api/v1/cases", "/api/v1/photos"):
        assert town.client("resident").generic("POST", path, WIRE[kind], content_type=kind).status_code < 500, path


def test_every_refused_form_keeps_what_was_typed(town: Town) -> None:
    words = "灯杆斜了，快要倒下来了"
    case = town.drive(town.case(), "in_hand")
    closed = town.drive(town.case(), "closed")
    tries = {
        ("clerk", "/desk/new/"): {"description": words, "category": "lamp", "lat": "nan", "lng": "x", "channel": "phone"},
        ("grid_worker", "/found/"): {"description": words, "category": "lamp", "lat": "1e999", "lng": "", "on_spot": "on"},
        ("handler", f"/desk/cases/{case.code}/do/report_done/"): {"report_done-note": words, "report_done-outcome": "nothing"},
        ("handler", f"/desk/cases/{case.code}/do/hand_on/"): {"hand_on-reason": words, "hand_on-body": "9" * 30},
        ("handler", f"/desk/cases/{case.code}/do/ask_extension/"): {"ask_extension-reason": words, "ask_extension-until": "9999-12-31"},
        ("resident", f"/cases/{closed.code}/rate/"): {"rate-words": words, "rate-stars": "9"},
        ("resident", "/preferences"): {},
    }
    for (who, path), typed in tries.items():
        answer = town.client(who).post(path, typed)
        assert answer.status_code < 500, path
        if typed:
            assert answer.status_code in (200, 400, 409, 422), (path, answer.status_code)
            assert words in answer.content.decode(), path
