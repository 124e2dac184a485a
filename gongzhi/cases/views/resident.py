"""The resident's own cases: mine, one case, claim, rate, ask back, reopen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongzhi.cases import queries, rules, telling
from gongzhi.cases.acts import ACTS
from gongzhi.cases.claims import claims_of
from gongzhi.cases.forms import ActForm
from gongzhi.cases.models import Case, Step
from gongzhi.cases.views.who import actor, page
from gongzhi.cases.workflow import Duty, State, moves_from
from gongzhi.community.directory import body_label
from gongzhi.community.told import photo
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError, Missing

OWN_ACTS = ("rate", "ask_back", "reopen")
WRONG_CLAIMS = 10
NOTICE_STATES = frozenset({State.REFUSED, State.REFERRED})


def card(case: Case, steps: Sequence[Step] = ()) -> dict[str, Any]:
    """A case as the resident's lists show it; its steps give the parcel line its times."""
    return {
        "case": case,
        "title": telling.headline(case),
        "place": telling.place_line(case),
        "word": telling.state_word(case),
        "tone": telling.state_tone(case),
        "parcel": telling.parcel(case, steps),
    }


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I reported or joined."""
    found = queries.list_mine(actor(request), after=request.GET.get("after", ""))
    pager = {"next": found.next_key or "", "previous": "", "total": None, "shown": len(found.rows)}
    return page(request, "cases/resident/mine.html", {"cards": [card(case) for case in found.rows], "pager": pager})


@require_GET
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One case of mine, like a parcel."""
    return _show(request, _own(request, code))


def _own(request: HttpRequest, code: str) -> Case:
    by = actor(request)
    case = queries.get_case(by, code)
    if not rules.is_reporter(by, case):
        raise Missing()
    return case


def _show(request: HttpRequest, case: Case, wrong: ActForm | None = None) -> HttpResponse:
    by = actor(request)
    steps = queries.list_steps(case, public_only=True)
    moves = {move.name for move in moves_from(case.state, {Duty.REPORTER})}
    forms = {name: ActForm(ACTS[name], case, by, prefix=name) for name in OWN_ACTS if name in moves}
    if wrong is not None:
        forms[wrong.act.name] = wrong
    context = {
        **card(case, steps),
        "steps": [telling.tell(step, inside=False) for step in steps],
        "photos": [photo(token) for token in case.photos],
        "body": body_label(case.body_id),
        "forms": forms,
        "looks": queries.list_looks(by, case),
        "joined": len(queries.list_reporters(case)),
        "now": clock.now(),
        "notes": telling.due_notes(case),
        "has_notice": case.state in NOTICE_STATES,
    }
    return page(request, "cases/resident/case.html", context, status=422 if wrong else 200)


@require_POST
def act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Rate, ask back or reopen."""
    if name not in OWN_ACTS:
        raise Missing()
    case, by = _own(request, code), actor(request)
    form = ActForm(ACTS[name], case, by, request.POST, prefix=name)
    if form.is_valid():
        try:
            ACTS[name].run(case, by, form.values())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, str(ACTS[name].said))
            return redirect("cases:case", code=case.code)
    return _show(request, queries.get_case(by, code), form)


@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Enter a claim code 查询码; wrong ones are counted per browser."""
    if request.method == "GET":
        return page(request, "cases/resident/claim.html", {})
    wrong = int(request.session.get("wrong_claims", 0))
    typed = request.POST.get("claim", "")
    case = queries.claimed_case(typed) if wrong < WRONG_CLAIMS else None
    if case is None:
        request.session["wrong_claims"] = wrong + 1
        error = _("试的次数太多了，请明天再试，或联系社区。") if wrong >= WRONG_CLAIMS else _("没有找到，请核对查询码，注意字母和数字。")
        return page(request, "cases/resident/claim.html", {"typed": typed, "error": error}, status=422)
    request.session["wrong_claims"] = 0
    claims_of(request).add(case.pk)
    return redirect("cases:case", code=case.code)
