"""Times as people say them: 今天 17:00, 3小时前, 还剩2天3小时. Pure but for the current time zone and language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HOUR = 3600
DAY = 24 * HOUR
AMBER_SHARE = 0.25  # look.md: amber under a quarter of the term left


def local(moment: datetime) -> datetime:
    """*moment* in the zone of the page."""
    return localtime(moment) if is_aware(moment) else moment


def duration(span: timedelta) -> str:
    """2天3小时, 5小时, 1小时20分钟, 12分钟: two units at most, never a negative."""
    seconds = int(abs(span.total_seconds()))
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // 60
    if days:
        parts = [_days(days)] + ([_hours(hours)] if hours and days < 10 else [])
    elif hours:
        parts = [_hours(hours)] + ([_minutes(minutes)] if minutes and hours < 3 else [])
    elif minutes:
        parts = [_minutes(minutes)]
    else:
        return _("不到1分钟")
    return _("%(first)s%(second)s") % {"first": parts[0], "second": parts[1]} if len(parts) > 1 else parts[0]


def _days(count: int) -> str:
    return ngettext("%(count)d天", "%(count)d天", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)d小时", "%(count)d小时", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)d分钟", "%(count)d分钟", count) % {"count": count}


def full_time(moment: datetime) -> str:
    """2025年11月28日 17:00."""
    return date_format(local(moment), _("Y年n月j日 H:i"))


def day(moment: date, today: date) -> str:
    """11月28日, or 2024年11月28日 when the year is another."""
    on = local(moment).date() if isinstance(moment, datetime) else moment
    return date_format(on, _("n月j日") if on.year == today.year else _("Y年n月j日"))


def when(moment: datetime, now: datetime) -> str:
    """今天 17:00, 明天 9:00, 昨天 8:10, else the day and the time."""
    here, today = local(moment), local(now).date()
    clock = date_format(here, "H:i")
    words = {0: _("今天"), 1: _("明天"), -1: _("昨天")}
    word = words.get((here.date() - today).days) or day(here, today)
    return f"{word} {clock}"


def ago(moment: datetime, now: datetime) -> str:
    """刚刚, 3小时前, and the day when it is more than a week ago. A time to come is said as ``when``."""
    span = now - moment
    if span < timedelta(0):
        return when(moment, now)
    if span < timedelta(minutes=1):
        return _("刚刚")
    if span > timedelta(days=7):
        return day(moment, local(now).date())
    return _("%(span)s前") % {"span": _one_unit(int(span.total_seconds()))}


def _one_unit(seconds: int) -> str:
    if seconds >= DAY:
        return _days(seconds // DAY)
    return _hours(seconds // HOUR) if seconds >= HOUR else _minutes(seconds // 60)


@dataclass(frozen=True)
class ClockView:
    """A clock ready to show: the words, the tone and shape that go with them, and the exact time."""

    text: str
    tone: str
    title: str


@dataclass(frozen=True)
class Clock:
    """What is known of one clock of a case. ``left`` is the working time left, when somebody has counted it."""

    due_at: datetime
    kind: str = ""
    started_at: datetime | None = None
    done_at: datetime | None = None
    paused: bool = False
    working: bool = False
    left: timedelta | None = None


def clock_view(clock: Clock, now: datetime) -> ClockView:
    """Say how a clock stands at *now*: left, late, paused, or kept or missed when it is done."""
    text, tone = _standing(clock, now)
    return ClockView(text=text, tone=tone, title=_clock_title(clock))


def _standing(clock: Clock, now: datetime) -> tuple[str, str]:
    if clock.done_at is not None:
        late = clock.done_at - clock.due_at
        if late <= timedelta(0):
            return _("按时"), "good"
        return _("迟了%(span)s") % {"span": duration(late)}, "bad"
    if clock.paused:
        return _("已暂停计时"), "neutral"
    left = clock.left if clock.left is not None else clock.due_at - now
    if left < timedelta(0):
        return _("已超时%(span)s") % {"span": duration(left)}, "bad"
    return _("还剩%(span)s") % {"span": duration(left)}, "warn" if _is_short(clock, left) else "good"


def _is_short(clock: Clock, left: timedelta) -> bool:
    """Under a quarter of the whole term; when its start is not known, under a day."""
    if clock.started_at is None:
        return left < timedelta(days=1)
    return left < (clock.due_at - clock.started_at) * AMBER_SHARE


def _clock_title(clock: Clock) -> str:
    said = {"kind": clock.kind or _("办好"), "at": full_time(clock.due_at)}
    text = _("应在%(at)s前%(kind)s") % said
    return _("%(text)s（按工作时间计算）") % {"text": text} if clock.working else text
