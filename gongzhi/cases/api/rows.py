"""Cases and steps as API rows, from what is held in process: no statement of their own."""

from __future__ import annotations

from typing import Any

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, Step
from gongzhi.community.directory import bodies
from gongzhi.community.territory import territory

PLAIN = (
    "code", "state", "is_open", "outcome", "channel", "description", "address", "lng", "lat", "registered_at", "updated_at", "accept_due",
    "respond_due", "resolve_due", "resolved_at", "closed_at", "is_late", "rating", "version",
)  # fmt: skip


def case_row(case: Case) -> dict[str, Any]:
    """`CaseOut`."""
    category = catalogue().by_id.get(case.category_id or 0)
    node = territory().nodes.get(case.place_id or 0)
    return {
        **{name: getattr(case, name) for name in PLAIN},
        "category": category.code if category else None,
        "place_code": node.code if node else None,
        "body": _body(case.body_id),
    }


def step_row(step: Step, *, inside: bool) -> dict[str, Any]:
    """`StepOut`; the inner reason only for staff."""
    return {
        "seq": step.seq,
        "verb": step.verb,
        "from_state": step.from_state,
        "to_state": step.to_state,
        "at": step.at,
        "by_duty": step.by_duty,
        "by_body": _body(step.by_body_id),
        "note": step.note,
        "reason": step.reason if inside else None,
        "data": step.data if inside else {},
    }


def _body(body_id: int | None) -> str | None:
    row = bodies().get(body_id or 0)
    return row.code if row else None
