"""What a whistle says to people: states with tones, a line per step. No query: names are held in process."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.community.directory import body_label
from gongzhi.community.told import Told, photo
from gongzhi.whistles.models import Deadline, Whistle, WhistleStep
from gongzhi.whistles.workflow import WHISTLES, Coming, Duty, State, Task

TONES = {
    State.ASKED: "info", State.CALLED: "warn", State.SPLIT: "wait", State.RAISED: "warn", State.ENDED: "good",
    State.DECLINED: "neutral", State.WITHDRAWN: "neutral",
}  # fmt: skip
COMING_TONES = {
    Coming.CALLED: "warn", Coming.ANSWERED: "info", Coming.DISPUTED: "bad", Coming.ON_SITE: "good", Coming.RELEASED: "neutral",
    Coming.REPLACED: "neutral", Coming.OVER: "neutral",
}  # fmt: skip
TASK_TONES = {Task.OWED: "wait", Task.REPORTED: "info", Task.DONE: "good", Task.DROPPED: "neutral"}
ICONS = {"blow": "speakerphone", "arrive": "map-pin", "diagnose": "users", "end": "flag", "rate": "star", "climb": "alert-triangle"}


def title_of(step: WhistleStep) -> str:
    """A step's title: what was done, and by or about which department."""
    words = {"blow": _("吹哨"), "ask": _("请街道吹哨")}.get(step.verb) or str(WHISTLES.moves[step.verb].label)
    if step.verb in ("climb", "warn"):
        kind = step.data.get("kind", "")
        owed = _("任务") if kind == "duty" else str(Deadline.Kind(kind).label) if kind in Deadline.Kind.values else ""
        words = f"{words} · {owed}" if owed else words
    return f"{words} · {body_label(step.about_id)}" if step.about_id else words


def tell(step: WhistleStep) -> Told:
    """A step as `{% timeline %}` takes it."""
    who = body_label(step.by_body_id) or (str(Duty(step.by_duty).label) if step.by_duty in Duty.values else "")
    return Told(
        title=title_of(step),
        at=step.at,
        who=who,
        text="\n".join(part for part in (step.note, step.reason) if part),
        tone="bad" if step.verb == "climb" else TONES.get(State(step.to_state), "neutral"),
        icon=ICONS.get(step.verb, "circle-dot"),
        photos=[photo(token) for token in step.photos],
    )


def state_of(whistle: Whistle) -> tuple[str, str]:
    """Word and tone."""
    return str(State(whistle.state).label), TONES[State(whistle.state)]


def how_late(at: dt.datetime | None, due: dt.datetime | None) -> str:
    """In time, or how late, in words."""
    if at is None or due is None:
        return ""
    if at <= due:
        return _("按时")
    minutes = int((at - due).total_seconds() // 60)
    if minutes < 60:
        return _("迟到 %(n)d 分钟") % {"n": max(minutes, 1)}
    return _("迟到 %(n)d 小时") % {"n": minutes // 60} if minutes < 48 * 60 else _("迟到 %(n)d 天") % {"n": minutes // 1440}


def facts(whistle: Whistle) -> dict[str, Any]:
    """The head of the page and of the paper."""
    word, tone = state_of(whistle)
    return {
        "word": word,
        "tone": tone,
        "kind": whistle.get_kind_display(),
        "caller": body_label(whistle.caller_id),
        "asked_by": body_label(whistle.asked_by_id),
        "lead": body_label(whistle.lead_id),
    }
