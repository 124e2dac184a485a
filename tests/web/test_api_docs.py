"""/api/v1/docs and the document it is drawn from: every call is there, in the reader's language, with what makes it work."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
from django.test import Client

from gongzhi.accounts.tokens import create_token
from gongzhi.cases.acts import ACTS
from gongzhi.web.api_docs import resolved, type_words
from tests.cast import Town

pytestmark = pytest.mark.django_db


def document(language: str = "zh-hans") -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/api/v1/openapi.json", headers={"Accept-Language": language}).json()
    return found


def page(language: str = "zh-hans") -> str:
    answer = Client().get("/api/v1/docs", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_call_of_the_document_is_on_the_page_with_its_scopes() -> None:
    found, shown = document(), page()
    assert found["openapi"].startswith("3.1.")
    calls = [(path, method, call) for path, methods in found["paths"].items() for method, call in methods.items()]
    assert len(calls) == 9
    for path, method, call in calls:
        assert f"{method.upper()} {path}</code>" in shown
        assert call["summary"] in shown
        for one in call.get("security", ()):
            assert f"<code>{one['token'][0]}</code>" in shown
    assert all(f"<code>{name}</code>" in shown for name in ACTS)


def test_the_page_runs_no_script_of_its_own_and_nothing_from_elsewhere() -> None:
    shown = page()
    assert "swagger" not in shown.lower()
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', shown)


def test_both_are_in_the_readers_language() -> None:
    for words in (page("en"), str(document("en")["paths"])):
        assert "Act on a case" in words
        assert "办理一件诉求" not in words
    assert "办理一件诉求" in page()
    main = page("en").split("<main")[1].split("</main>")[0]
    assert not re.findall("[\u4e00-\u9fff]+", main)


def test_every_refusal_is_documented_as_a_problem() -> None:
    for methods in document()["paths"].values():
        for call in methods.values():
            for status, answer in call["responses"].items():
                assert list(answer["content"]) == ["application/problem+json" if status >= "400" else "application/json"]


def test_the_line_to_try_files_a_case(town: Town, settings: Any) -> None:
    """What the page shows is copied as it stands, with the reader's own token."""
    settings.SITE_ORIGIN = ""
    shown = re.findall(r"<code>(curl.*?)</code>", page().replace("&#x27;", "'").replace("&quot;", '"'), re.DOTALL)
    line = next(one for one in shown if "POST 'http://testserver/api/v1/cases'" in one)
    words = shlex.split(line.replace("\\\n", " "))
    client, raw = Client(), town_token(town)
    answer = client.post("/api/v1/cases", words[words.index("-d") + 1], "application/json", headers={"Authorization": f"Bearer {raw}"})
    assert answer.status_code == 201, answer.json()


def town_token(town: Town) -> str:
    return create_token(by=town.users["resident"], name="t", scopes=["cases:write"])[1]


def test_this_or_nothing_is_shown_as_this() -> None:
    either = {"anyOf": [{"$ref": "#/components/schemas/One"}, {"type": "null"}]}
    assert resolved(either, {"One": {"type": "integer"}}) == {"type": "integer"}
    assert type_words({"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}]}, {}) == "a / b"
