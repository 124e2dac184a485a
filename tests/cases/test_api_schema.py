"""The API against its own OpenAPI document: schemathesis sends what fits it and what does not, the same on every run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gongzhi.accounts.tokens import create_token
from gongzhi.cases.acts import ACTS
from gongzhi.config.wsgi import application
from gongzhi.web.api import api
from tests.cast import Town

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning:schemathesis")]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CALLS = [(path, method) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods]
REAL = {
    "body": "lighting", "category": "pothole", "ground": "not_ours", "route": "petition", "outcome": "explained", "stars": 4,
    "is_public": True, "until": "2000-01-01", "look_again_on": "9999-12-31", "lng": 103.05, "lat": 25.05, "photos": [],
}  # fmt: skip
"""Codes that exist: what is made up of nothing but chance is refused at the door."""
WHO = ("resident", "dispatcher", "handler", "checker", "approver", "adjudicator", "grid_worker")


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A server closes the connection between requests; here the test's transaction hangs on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("path", "method"), CALLS)
def test_every_answer_is_one_the_document_promises(town: Town, path: str, method: str) -> None:
    document = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
    document.app = application
    headers = {name: {"Authorization": f"Bearer {token_of(town, name)}"} for name in WHO}
    cases = [town.drive(town.case(), state).code for state in ("accepted", "dispatched", "in_hand", "reported")]
    operation = document[path][method.upper()]

    @settings(
        max_examples=60 if "acts" in path else 30,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def all_of_them(data: Any) -> None:
        mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if "code" in case.path_parameters:
            case.path_parameters["code"] = data.draw(st.sampled_from([*cases, case.path_parameters["code"]]))
        if case.path_parameters.get("name") in ACTS and data.draw(st.booleans()):
            case.body = {"values": {name: REAL.get(name, "写清楚") for name in asked(case.path_parameters["name"])}}
        case.call_and_validate(headers=headers[data.draw(st.sampled_from(WHO))], checks=CHECKS)

    all_of_them()


def asked(name: str) -> list[str]:
    return [inner for ask in ACTS[name].asks for inner in (("lng", "lat") if ask.kind == "spot" else (ask.name,))]


def token_of(town: Town, name: str) -> str:
    return create_token(by=town.users[name], name="t", scopes=["cases:read", "cases:write", "cases:act"])[1]
