"""What whistles hang on the page of a case: the calls on it, and the button that blows one. Staff only."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from gongzhi.cases.models import Case
from gongzhi.community.actors import actor_of
from gongzhi.kernel import panels
from gongzhi.whistles import acts, queries, rules, telling
from gongzhi.whistles.workflow import RUNNING, State


def register() -> None:
    """Called once, when the app registry is ready."""
    panels.register("cases.case", on_case, order=10)


def on_case(request: HttpRequest, case: Case) -> str | None:
    """None for who has nothing to see and nothing to do here."""
    by = actor_of(request.user)
    if not by.is_staff_member:
        return None
    found = queries.list_of_case(by, case)
    may = ""
    if case.is_open and not any(one.state in RUNNING or one.state == State.ASKED for one in found):
        may = str(acts.BLOW.label) if rules.can_call(by, case) else str(acts.ASK.label) if rules.can_ask(by, case) else ""
    if not found and not may:
        return None
    rows = []
    for one in found:
        word, tone = telling.state_of(one)
        rows.append({"url": reverse("whistles:show", args=[one.code]), "code": one.code, "word": word, "tone": tone, "matter": one.matter})
    return render_to_string("whistles/panel.html", {"rows": rows, "may": may, "case": case}, request=request)
