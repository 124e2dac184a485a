"""One case as the desk shows it: what, where, who, clocks, what may be done now by this person, then the steps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import desk_queries, queries, rules, telling
from gongzhi.cases.acts import ACTS
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.forms import ActForm, helpers_of
from gongzhi.cases.models import Case, Request, Step
from gongzhi.cases.views.who import actor, page
from gongzhi.cases.workflow import MOVES, OPEN, Duty, State, moves_from
from gongzhi.community.acting import Act
from gongzhi.community.actors import Actor
from gongzhi.community.directory import body_label
from gongzhi.community.territory import territory
from gongzhi.community.told import photo
from gongzhi.kernel.errors import Missing

DOING = frozenset({Duty.HANDLE, Duty.CO_HANDLE})
MAIN_ACTS = (
    "accept",
    "dispatch",
    "take",
    "report_done",
    "pass_check",
    "close",
    "look_over",
    "rule",
    "grant",
    "accept_return",
    "resume",
    "take_up",
)
"""The act that is most likely next, in this order: the one coloured button."""
ONLY_ASKED = frozenset({"grant", "deny"})


def desk_case(request: HttpRequest, code: str) -> Case:
    """The case if this person meets it by a duty of a post. His own complaint is on the resident's page, not here."""
    by = actor(request)
    case = queries.get_case(by, code)
    if not staff_duties(by, case):
        raise Missing()
    return case


def staff_duties(by: Actor, case: Case) -> set[Duty]:
    """What somebody's posts make him to a case; that he reported it himself counts for nothing here."""
    return set(rules.duties(by, case)) - {Duty.REPORTER}


def acts_for(by: Actor, case: Case, asked: Request | None) -> list[Act]:
    """The acts this person may do now, in the order of the table; an approval only while something is asked."""
    held = staff_duties(by, case)
    allowed = {move.name for move in moves_from(case.state, held)}
    if asked is None or not MOVES[asked.kind].allows(case.state, held):
        allowed -= ONLY_ASKED
    else:
        allowed.add("grant")
    if "look_over" in allowed and not desk_queries.awaits_second_look(case):
        allowed.remove("look_over")
    return [act for act in ACTS.values() if (act.move or act.name) in allowed]


def show_case(
    request: HttpRequest, case: Case, *, wrong: ActForm | None = None, refused: str = "", opened: dict[str, Any] | None = None,
    done: str = "", status: int = 200, template: str = "cases/desk/case.html",
) -> HttpResponse:  # fmt: skip
    """The page. `wrong`: the form just sent, with its errors; `refused`: why; `opened`: a reporter's contact, this once."""
    by = actor(request)
    held = staff_duties(by, case)
    asked = queries.open_request(case) if case.state in OPEN else None
    acts, steps = acts_for(by, case, asked), _steps(case, by, held)
    context = {
        **_head(case),
        **_who(case),
        **_people(by, case, opened),
        "acts": [_act(act, case, by, wrong) for act in acts],
        "main": next((name for name in MAIN_ACTS if any(act.name == name for act in acts)), ""),
        "kept": _kept(wrong) if wrong is not None and all(act.name != wrong.act.name for act in acts) else [],
        "refused": refused,
        "done": done,
        "asked": asked,
        "sent_back": queries.last_return(case) if case.state in (State.RETURNED, State.DISPUTED) else None,
        "ties": [(TIES[tie], _link(other)) for tie, other in desk_queries.list_related(by, case)],
        "similar": [_link(other) for other in desk_queries.list_similar(by, case)] if any(act.name == "merge" for act in acts) else [],
        "parcel": telling.parcel(case, steps),
        "steps": [telling.tell(step, inside=True) for step in steps],
        "papers": papers_of(case),
        "next": request.POST.get("next", ""),
    }
    return page(request, template, context, status)


TIES = {
    "into": gettext_lazy("并入"),
    "merged": gettext_lazy("并来"),
    "repeat_of": gettext_lazy("重复于"),
    "repeat": gettext_lazy("又有反映"),
}


def _head(case: Case) -> dict[str, Any]:
    clocks = (
        (_("受理"), case.accept_due, case.accepted_at, False),
        (_("响应"), case.respond_due, case.responded_at, False),
        (_("办结"), case.resolve_due, case.resolved_at, case.paused_at is not None),
    )
    return {
        "case": case,
        "title": telling.headline(case),
        "word": telling.state_word(case),
        "tone": telling.state_tone(case),
        "place": telling.place_line(case),
        "photos": [photo(token) for token in case.photos],
        "answers": _answers(case),
        "clocks": [{"name": name, "due": due, "done": done, "paused": paused} for name, due, done, paused in clocks if due],
        "working": case.resolve_unit.startswith("working"),
        "notes": telling.due_notes(case),
        "area_id": case.place_id,
        "located": case.lat is not None,
        "area": territory().address_of(case.place_id),
    }


def _answers(case: Case) -> list[tuple[str, str]]:
    """The category's questions with what was answered, in words."""
    rows = []
    for question in catalogue().attributes_of(case.category_id):
        value = case.attributes.get(question.code)
        if value not in (None, "", []):
            names = dict(question.options())
            given = value if isinstance(value, list) else [value]
            rows.append((question.label, "、".join(names.get(str(one), str(one)) for one in given)))
    return rows


def _who(case: Case) -> dict[str, Any]:
    rule = catalogue().rule(case.rule_id)
    return {
        "unit": body_label(case.body_id),
        "helpers": [body_label(pk) for pk in sorted(helpers_of(case))],
        "rule": rule,
        "why": telling.why_sent(rule, case.sent_because),
        "by_hand": case.body_id is not None and case.rule_id is None,
    }


def _people(by: Actor, case: Case, opened: dict[str, Any] | None) -> dict[str, Any]:
    """How many complained, and whom this person may open. Not a name until it is opened with a purpose."""
    rows = queries.list_reporters(case)
    may = rules.can_reveal(by, case) is not None
    return {
        "reporters": len(rows),
        "to_open": [{"id": one.pk, "word": one.get_relation_display(), "closed": one.is_anonymous} for one in rows] if may else [],
        "opened": opened,
    }


def _steps(case: Case, by: Actor, held: set[Duty]) -> list[Step]:
    """All steps for who takes in, sends, checks or watches; who only does the work sees what concerns his work (privacy.md 5)."""
    rows = queries.list_steps(case, public_only=False)
    if held - DOING:
        return rows
    own = {post.body_id for post in by.held}
    return [step for step in rows if step.is_public or step.by_body_id in own or step.verb == "deny"]


def _act(act: Act, case: Case, by: Actor, wrong: ActForm | None) -> dict[str, Any]:
    """An act with its form: the one just refused keeps what was typed, under the version that holds now."""
    is_wrong = wrong is not None and wrong.act.name == act.name
    form = wrong if wrong is not None and is_wrong else ActForm(act, case, by, prefix=act.name)
    fields = [form[name] for name in form.fields if name != "version"]
    return {"act": act, "form": form, "fields": fields, "wrong": is_wrong}


def _kept(wrong: ActForm) -> list[tuple[str, str]]:
    """What was typed into a form that this case no longer offers, to copy."""
    typed = [(str(wrong[name].label), str(wrong[name].value() or "")) for name in wrong.fields if name not in ("version", "photos")]
    return [(label, value) for label, value in typed if len(value) > 1]


def _link(other: Case) -> dict[str, Any]:
    return {"case": other, "title": telling.headline(other), "word": telling.state_word(other), "tone": telling.state_tone(other)}


def papers_of(case: Case) -> list[tuple[str, str]]:
    """The papers that can be printed for a case as it stands: name in the address, words."""
    found = [("dispatch", _("派遣单"))] if case.body_id else []
    if case.state not in (State.VOID, State.MERGED) and case.state != State.REGISTERED:
        found.append(("notice", _("告知书")))
    return found
