"""What a room hangs on the page of a lower room's object.

    # deliberation/panels.py
    panels.register("cases.case", talk_panel, order=20)

`{% load panels %}{% panels case %}` on the case page shows them in order. The lower room never learns who hung what.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

logger = logging.getLogger(__name__)

Panel = Callable[[HttpRequest, Any], str | None]
"""Gets the request and the object; gives HTML (a SafeString from a template), or None when it has nothing to say."""


@dataclass(frozen=True, order=True)
class _Hung:
    order: int
    name: str
    func: Panel


_hung: dict[str, list[_Hung]] = {}


def register(model_label: str, func: Panel, *, order: int = 50) -> None:
    """Hang `func` on every page of `model_label` (such as `cases.case`); lower orders first. Twice is as once."""
    panels = _hung.setdefault(model_label.lower(), [])
    hung = _Hung(order, f"{func.__module__}.{func.__qualname__}", func)
    if all(other.name != hung.name for other in panels):
        panels.append(hung)
        panels.sort(key=lambda panel: (panel.order, panel.name))


def unregister(model_label: str, func: Panel) -> None:
    """Take it down (tests)."""
    panels = _hung.get(model_label.lower(), [])
    panels[:] = [panel for panel in panels if panel.func is not func]


def render(request: HttpRequest, obj: models.Model) -> SafeString:
    """All panels of an object. A panel that fails is logged and left out: the page below it is not its own."""
    parts: list[str] = []
    for panel in _hung.get(obj._meta.label_lower, ()):
        try:
            html = panel.func(request, obj)
        except Exception:
            logger.exception("panel %s failed on %s %s", panel.name, obj._meta.label_lower, obj.pk)
            continue
        if html:
            parts.append(conditional_escape(html))
    return mark_safe("\n".join(parts))  # every part has been escaped, or says that it is safe
