"""Marks: icons, states, clocks, figures, people, notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.web.ui import times

register = template.Library()

SHAPES = {
    "ring": "circle",
    "dot": "circle-filled",
    "half": "circle-half-2",
    "check": "circle-check",
    "triangle": "alert-triangle",
    "octagon": "alert-octagon",
    "pause": "player-pause",
    "flag": "flag",
    "cross": "circle-x",
    "clock": "clock",
    "return": "arrow-back-up",
    "question": "help-circle",
}
TONE_SHAPES = {
    "neutral": "ring",
    "info": "dot",
    "wait": "half",
    "good": "check",
    "warn": "triangle",
    "bad": "octagon",
}


def shape_icon(tone: str, shape: str = "") -> str:
    """The icon for a shape, or for the tone when no shape is named."""
    return SHAPES[shape or TONE_SHAPES.get(tone, "ring")]


@register.simple_tag
def icon(name: str, label: str = "", cls: str = "") -> SafeString:
    """An icon of the sprite; silent for screen readers unless it has a label."""
    speech = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    sprite = static("vendor/icons.svg")
    return format_html('<svg class="gz-icon {}" {}><use href="{}#{}"></use></svg>', cls, speech, sprite, name)


@register.inclusion_tag("components/state_chip.html")
def state_chip(word: str, tone: str = "neutral", shape: str = "") -> dict[str, Any]:
    """A state as word, shape and colour."""
    return {"word": word, "tone": tone, "icon_name": shape_icon(tone, shape)}


@register.inclusion_tag("components/clock_badge.html")
def clock_badge(
    due_at: datetime | None,
    kind: str = "",
    started_at: datetime | None = None,
    done_at: datetime | None = None,
    paused: bool = False,
    working: bool = False,
    left: timedelta | None = None,
) -> dict[str, Any]:
    """How one clock stands now; nothing when there is no due time. A variable the page does not have arrives as ""."""
    if not due_at:
        return {"view": None}
    one = times.Clock(due_at, kind, started_at or None, done_at or None, bool(paused), bool(working), left or None)
    view = times.clock_view(one, clock.now())
    shape = "pause" if paused and not done_at else {"good": "clock"}.get(view.tone, "")
    done = bool(done_at) and view.tone == "good"
    return {"view": view, "due_at": due_at, "icon_name": shape_icon(view.tone, "check" if done else shape)}


@register.inclusion_tag("components/parcel_line.html")
def parcel_line(steps: Iterable[Any]) -> dict[str, Any]:
    """Where a case is on its way, like a parcel."""
    return {"steps": steps}


@register.inclusion_tag("components/timeline.html")
def timeline(steps: Iterable[Any]) -> dict[str, Any]:
    """What happened, by whom and when."""
    return {"steps": steps}


@register.inclusion_tag("components/stat.html")
def stat(
    label: str,
    value: object,
    url: str = "",
    unit: str = "",
    change: float | str | None = None,
    change_note: str = "",
    good: str = "",
    note: str = "",
) -> dict[str, Any]:
    """A figure with its change; the figure is a link to the list behind it."""
    moved = None if change is None or change == "" else float(change)
    direction = "" if moved is None else "up" if moved > 0 else "down" if moved < 0 else "same"
    tone = "neutral" if not good or direction in ("", "same") else "good" if direction == good else "bad"
    return {
        "label": label,
        "value": value,
        "url": url,
        "unit": unit,
        "note": note,
        "direction": direction,
        "change": f"{abs(moved or 0):g}",
        "change_note": change_note,
        "tone": tone,
    }


@register.inclusion_tag("components/progress_bar.html")
def progress_bar(value: int, total: int, label: str = "", poll_url: str = "") -> dict[str, Any]:
    """How far a long job is; asks again each second while it runs when ``poll_url`` is given."""
    share = int(value * 100 / total) if total else 0
    return {"value": value, "total": total, "share": share, "label": label, "poll_url": poll_url}


@register.inclusion_tag("components/person_line.html")
def person_line(name: str, role: str = "", unit: str = "", phone: str = "", note: str = "") -> dict[str, Any]:
    """Who is on it: person, role, unit, and how to reach them."""
    return {"name": name, "role": role, "unit": unit, "phone": phone, "note": note}


@register.inclusion_tag("components/notice.html")
def notice(text: str, tone: str = "info", title: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """A calm box with something to know."""
    icons = {"info": "info-circle"}
    name = icons.get(tone) or shape_icon(tone)
    return {"text": text, "tone": tone, "title": title, "url": url, "action": action, "icon_name": name}


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", action: str = "", icon_name: str = "inbox") -> dict[str, Any]:
    """Nothing here yet: what will appear and how to begin."""
    return {"title": title, "text": text, "url": url, "action": action, "icon_name": icon_name}


@register.inclusion_tag("components/claim_code.html")
def claim_code(code: str, url: str = "") -> dict[str, Any]:
    """The code that opens an anonymous case again."""
    return {"code": code, "url": url}


@register.inclusion_tag("components/copy_button.html")
def copy_button(text: str, label: str = "") -> dict[str, Any]:
    """Copies *text*."""
    return {"text": text, "label": label or _("复制")}


@register.inclusion_tag("components/print_header.html")
def print_header(title: str, number: str = "", unit: str = "", date: date | None = None) -> dict[str, Any]:
    """Head of an official paper."""
    return {"title": title, "number": number, "unit": unit, "date": date}


@register.inclusion_tag("components/emergency_line.html")
def emergency_line() -> dict[str, Any]:
    """Whom to call when it cannot wait."""
    return {}


@register.inclusion_tag("components/back_link.html")
def back_link(url: str, label: str = "") -> dict[str, Any]:
    """One step back."""
    return {"url": url, "label": label or _("返回")}
