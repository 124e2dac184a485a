"""Words: times, spans and shares as people say them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongzhi.kernel import clock
from gongzhi.web.ui import times

register = template.Library()


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """今天 17:00, with the exact time on hover."""
    return _time(moment, times.when(moment, clock.now())) if moment else ""


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """3小时前, with the exact time on hover."""
    return _time(moment, times.ago(moment, clock.now())) if moment else ""


def _time(moment: datetime, words: str) -> SafeString:
    exact = times.full_time(moment)
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, words)


@register.filter
def day(moment: date | None) -> str:
    """11月28日."""
    return times.day(moment, clock.today()) if moment else ""


@register.filter
def full_time(moment: datetime | None) -> str:
    """2025年11月28日 17:00."""
    return times.full_time(moment) if moment else ""


@register.filter
def duration(span: timedelta | None) -> str:
    """2天3小时."""
    return "" if span is None else times.duration(span)


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """93.4% for 0.934; a dash when there is nothing to divide by."""
    return "—" if share is None else f"{share * 100:.{digits}f}%"
