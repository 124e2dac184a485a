"""The OpenAPI 3.1 document: scopes of each call, problems as problems, and words in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from gongzhi.cases.api.auth import TokenAuth
from gongzhi.cases.api.schemas import ANSWERS
from gongzhi.web.api_errors import PROBLEM_TYPE

TOKEN = "token"  # noqa: S105  the scheme's name in the document
SPOKEN = ("summary", "description")


class Document(OpenAPISchema):
    """What ninja draws up, with what it leaves out."""

    def __init__(self, api: Any, path_prefix: str) -> None:
        super().__init__(api, path_prefix)
        for part in ("info", "paths", "components"):
            self[part] = spoken(self[part])

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        """Any one of the scopes of the call's token."""
        scopes = [scope for auth in operation.auth_callbacks or () if isinstance(auth, TokenAuth) for scope in auth.scopes]
        if scopes:
            self.securitySchemes[TOKEN] = {"type": "http", "scheme": "bearer", "bearerFormat": "gz_…"}
        return [{TOKEN: [scope]} for scope in scopes] or None

    def operation_parameters(self, operation: Operation) -> list[dict[str, Any]]:
        """Ninja writes an example twice; inside a schema the word is of OpenAPI 3.0."""
        found = super().operation_parameters(operation)
        for one in found:
            one["schema"].pop("example", None)
        return found

    def responses(self, operation: Operation) -> dict[int, dict[str, Any]]:
        """Each answer with our sentence and its own media type."""
        found = super().responses(operation)
        for status, answer in found.items():
            answer["description"] = ANSWERS.get(status, answer["description"])
            if status >= 400 and "content" in answer:
                answer["content"] = {PROBLEM_TYPE: next(iter(answer["content"].values()))}
        return found


def spoken(part: Any) -> Any:
    """The same with its sentences, and those of its examples, in the reader's language."""
    if isinstance(part, dict):
        return {
            key: _said(value) if key in SPOKEN else _examples(value) if key == "examples" else spoken(value) for key, value in part.items()
        }
    return [spoken(one) for one in part] if isinstance(part, list) else part


def _said(value: Any) -> Any:
    return (_(value) if value else value) if isinstance(value, str) else spoken(value)


def _examples(value: Any) -> Any:
    """Example bodies: every text of them that is one of our sentences."""
    if isinstance(value, str):
        return _(value) if value else value
    if isinstance(value, dict):
        return {key: _examples(one) for key, one in value.items()}
    return [_examples(one) for one in value] if isinstance(value, list) else value
