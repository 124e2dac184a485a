"""What a step says to people, in sentences: one place for pages, prints, feeds and notices. No query: names are held in process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, RoutingRule, Step
from gongzhi.cases.workflow import MOVES, RESOLVE, Duty, Outcome, State
from gongzhi.community.directory import body_label
from gongzhi.community.territory import territory
from gongzhi.community.told import Told, photo
from gongzhi.kernel.workdays import load_calendar

TONES = {
    State.REGISTERED: "info",
    State.ACCEPTED: "info",
    State.ANSWERED: "good",
    State.REFUSED: "bad",
    State.REFERRED: "neutral",
    State.DISPATCHED: "wait",
    State.IN_HAND: "wait",
    State.RETURNED: "warn",
    State.DISPUTED: "warn",
    State.SUSPENDED: "warn",
    State.REPORTED: "info",
    State.CHECKED: "good",
    State.CLOSED: "good",
    State.LONG_TERM: "warn",
    State.RATED: "good",
    State.REOPENED: "warn",
    State.VOID: "neutral",
    State.MERGED: "neutral",
}
ICONS = {
    "register": "message-plus",
    "accept": "check",
    "answer": "message",
    "refuse": "x",
    "refer": "arrow-right",
    "dispatch": "send",
    "take": "user-check",
    "respond": "message",
    "report_done": "circle-check",
    "pass_check": "eye-check",
    "fail_check": "arrow-back-up",
    "close": "flag",
    "rate": "star",
    "reopen": "refresh",
    "suspend": "player-pause",
    "escalate": "alert-triangle",
    "warn": "clock",
}


def tell(step: Step, *, inside: bool) -> Told:
    """One step for a reporter or the public (`inside` False) or for staff (with reason and name)."""
    return Told(
        title=title_of(step),
        at=step.at,
        who=who_of(step, inside=inside),
        text="\n".join(part for part in (step.note, step.reason if inside and step.reason != step.note else "") if part),
        tone=TONES.get(State(step.to_state), "neutral"),
        icon=ICONS.get(step.verb, "circle-dot"),
        photos=[photo(token) for token in step.photos],
        inner=inside and not step.is_public,
    )


def title_of(step: Step) -> str:
    """The sentence of a step: "已派给街道城管科"."""
    make = SENTENCES.get(step.verb)
    return make(step) if make else str(MOVES[step.verb].label)


def _registered(step: Step) -> str:
    due = _due(step)
    return _("已登记，承诺 %(due)s 前办好") % {"due": due} if due else _("已登记")


def _sent(step: Step) -> str:
    return _("已派给%(body)s") % {"body": body_label(step.data.get("body")) or _("承办单位")}


def _handed(step: Step) -> str:
    return _("转给%(body)s继续办，承诺时间不变") % {"body": body_label(step.data.get("body")) or _("另一个单位")}


def _ruled(step: Step) -> str:
    return _("经裁定，由%(body)s办理") % {"body": body_label(step.data.get("body"))}


def _taken(step: Step) -> str:
    return _("%(body)s已签收，正在办") % {"body": body_label(step.by_body_id) or _("承办单位")}


def _done(step: Step) -> str:
    outcome = step.data.get("outcome")
    words = {
        Outcome.SOLVED: _("反馈：已实际解决，等核查"),
        Outcome.EXPLAINED: _("反馈：已解释说明，等核查"),
        Outcome.FOR_NOW: _("反馈：阶段性办结，%(day)s回看") % {"day": _day(step.data.get("look_again_on"))},
    }
    return words.get(outcome, _("已反馈"))


def _moved_due(words: str) -> Callable[[Step], str]:
    def sentence(step: Step) -> str:
        due = _due(step)
        return _("%(what)s，新的承诺时间是 %(due)s") % {"what": _(words), "due": due} if due else _(words)

    return sentence


def _paused(step: Step) -> str:
    return _("暂缓办理，最晚 %(day)s 恢复") % {"day": _day(step.data.get("until"))}


def _listed(step: Step) -> str:
    return _("列入挂账推进，%(day)s 回看") % {"day": _day(step.data.get("until"))}


def _rated(step: Step) -> str:
    words = {5: _("很满意"), 4: _("满意"), 3: _("一般"), 2: _("不满意"), 1: _("很不满意")}
    return _("反映人评价：%(word)s") % {"word": words.get(int(step.data.get("stars") or 0), "")}


def _late(step: Step) -> str:
    level = {"community": _("社区"), "street": _("街道"), "district": _("区")}.get(str(step.data.get("level")), "")
    return _("已超时，提到%(level)s过问") % {"level": level}


def _helped(step: Step) -> str:
    return _("请%(body)s协办") % {"body": body_label(step.data.get("body"))}


def _left(step: Step) -> str:
    return _("%(body)s退出协办") % {"body": body_label(step.data.get("body"))}


SENTENCES: dict[str, Callable[[Step], str]] = {
    "register": _registered,
    "accept": lambda step: _("已受理"),
    "answer": lambda step: _("已答复"),
    "refuse": lambda step: _("不予受理，请看告知书"),
    "refer": lambda step: _("已告知应走的法定途径"),
    "settle": lambda step: _("网格员现场办结"),
    "import_close": lambda step: _("已有答复，随表格导入"),
    "merge": lambda step: _("和另一件同样的诉求一起办"),
    "dispatch": _sent,
    "hand_on": _handed,
    "rule": _ruled,
    "take": _taken,
    "send_back": lambda step: _("承办单位退回，正在重新安排"),
    "accept_return": lambda step: _("正在重新安排承办单位"),
    "object": lambda step: _("由谁来办正在裁定"),
    "add_helper": _helped,
    "drop_helper": _left,
    "respond": lambda step: _("有新回复"),
    "report_done": _done,
    "ask_extension": lambda step: _("承办单位申请延期"),
    "ask_suspension": lambda step: _("承办单位申请暂缓"),
    "ask_listing": lambda step: _("承办单位申请挂账"),
    "extend": _moved_due(gettext_lazy("同意延期")),  # type: ignore[arg-type]
    "suspend": _paused,
    "list_long_term": _listed,
    "keep_listed": _listed,
    "resume": _moved_due(gettext_lazy("恢复办理")),  # type: ignore[arg-type]
    "take_up": _moved_due(gettext_lazy("恢复办理")),  # type: ignore[arg-type]
    "recompute": _moved_due(gettext_lazy("按放假通知调整")),  # type: ignore[arg-type]
    "pass_check": lambda step: _("核查通过"),
    "fail_check": lambda step: _("核查没有通过，退回继续办"),
    "close": lambda step: _("已办结，请您评价"),
    "look_again": lambda step: _("到了回看日期，重新办理"),
    "rate": _rated,
    "reopen": lambda step: _("要求重新办理"),
    "ask_back": lambda step: _("反映人补充"),
    "warn": lambda step: _("快到承诺时间，已提醒"),
    "escalate": _late,
}


def who_of(step: Step, *, inside: bool) -> str:
    """Unit and role; the person's name only inside. A reporter is never named."""
    if step.by_duty == Duty.REPORTER:
        return _("反映人")
    if step.by_duty == Duty.SYSTEM:
        return _("系统")
    unit = body_label(step.by_body_id) or Duty(step.by_duty).label if step.by_duty else ""
    return f"{unit} · {step.by}" if inside and step.by is not None else str(unit)


def _due(step: Step) -> str:
    pair = step.data.get("due") or [None, None]
    return day_of(dt.datetime.fromisoformat(pair[1])) if pair[1] else ""


def day_of(moment: dt.datetime) -> str:
    """ "11月28日 17:00" in the reader's language."""
    return date_format(localtime(moment), "n月j日 H:i") if _("中文日期") == "中文日期" else date_format(localtime(moment), "j M, H:i")


def _day(text: Any) -> str:
    return str(text or "")


PARCEL = (
    (gettext_lazy("登记"), frozenset({State.REGISTERED})),
    (gettext_lazy("受理"), frozenset({State.ACCEPTED, State.REOPENED})),
    (gettext_lazy("派单"), frozenset({State.DISPATCHED, State.RETURNED, State.DISPUTED})),
    (gettext_lazy("办理"), frozenset({State.IN_HAND, State.SUSPENDED, State.LONG_TERM})),
    (gettext_lazy("核查"), frozenset({State.REPORTED, State.CHECKED})),
    (gettext_lazy("办结"), frozenset({State.CLOSED})),
    (gettext_lazy("评价"), frozenset({State.RATED})),
)
STOPPED = frozenset({State.REFUSED, State.REFERRED, State.VOID, State.MERGED, State.ANSWERED})


def parcel(case: Case, steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The case as a parcel line: `label`, `state` (done, now, todo, stopped), and when it last came there."""
    if case.state in STOPPED:
        return [
            {"label": _("登记"), "state": "done", "at": case.registered_at},
            {"label": State(case.state).label, "state": "stopped", "at": case.closed_at},
        ]
    at = next(number for number, (_label, states) in enumerate(PARCEL) if case.state in states)
    came = {
        number: step.at
        for step in steps
        for number, (_label, states) in enumerate(PARCEL)
        if step.to_state in states and step.from_state not in states
    }
    marks = ["done" if number < at else "now" if number == at else "todo" for number in range(len(PARCEL))]
    return [
        {"label": label, "state": mark, "at": came.get(number) if mark != "todo" else None}
        for number, ((label, _states), mark) in enumerate(zip(PARCEL, marks, strict=True))
    ]


def due_notes(case: Case) -> list[str]:
    """What must be said beside a promised time: its term is not confirmed yet, or the holidays of its year are not published."""
    if not case.is_open or case.resolve_due is None:
        return []
    term = catalogue().term(RESOLVE, case.category_id, case.clock_from.date())
    found = [] if term and term.is_confirmed else [_("这个时限是平台默认的，本区的规定还没有核实。")]
    day = localtime(case.resolve_due).date()
    if case.resolve_unit.startswith("working") and not load_calendar().is_confirmed(day):
        found.append(_("%(year)d年的放假安排还没有公布，公布后可能顺延。") % {"year": day.year})
    return found


def why_sent(rule: RoutingRule | None, stored: str) -> str:
    """Why it went where it went, as stored when it was sent; the rule's own English where the rule still says the same."""
    return rule.label if rule and rule.why[:240] == stored[:240] else stored


def headline(case: Case) -> str:
    """A line for lists: the category, else the first words."""
    return catalogue().label(case.category_id) or (case.description[:24] or _("（只有照片）"))


def place_line(case: Case) -> str:
    """Where, in words: territory and address."""
    area = territory().address_of(case.place_id) if case.place_id else _("没有定位")
    return f"{area} · {case.address}" if case.address else area


def state_word(case: Case) -> str:
    return str(State(case.state).label)


def state_tone(case: Case) -> str:
    return TONES[State(case.state)]
