"""Times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from gongzhi.web.ui import times

NOW = datetime(2025, 11, 26, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai
H, D = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (2 * D + 3 * H, "2天3小时"),
        (-(2 * D + 3 * H), "2天3小时"),
        (2 * D + timedelta(minutes=50), "2天"),
        (12 * D + 3 * H, "12天"),
        (5 * H + timedelta(minutes=40), "5小时"),
        (H + timedelta(minutes=20), "1小时20分钟"),
        (timedelta(minutes=12, seconds=59), "12分钟"),
        (timedelta(seconds=59), "不到1分钟"),
        (timedelta(0), "不到1分钟"),
    ],
)
def test_duration_names_two_units_at_most(span: timedelta, said: str) -> None:
    assert times.duration(span) == said


@pytest.mark.parametrize(
    ("due_in", "started_ago", "said", "tone"),
    [
        (2 * D + 3 * H, D, "还剩2天3小时", "good"),
        (D, 3 * D, "还剩1天", "good"),  # exactly a quarter is not under a quarter
        (D - timedelta(minutes=1), 3 * D + timedelta(minutes=1), "还剩23小时", "warn"),
        (-3 * H, D, "已超时3小时", "bad"),
        (timedelta(0), D, "还剩不到1分钟", "warn"),
    ],
)
def test_clock_is_amber_under_a_quarter_and_red_when_late(due_in: timedelta, started_ago: timedelta, said: str, tone: str) -> None:
    view = times.clock_view(times.Clock(due_at=NOW + due_in, started_at=NOW - started_ago), NOW)
    assert (view.text, view.tone) == (said, tone)


def test_clock_without_a_start_is_amber_in_its_last_day() -> None:
    assert times.clock_view(times.Clock(due_at=NOW + D), NOW).tone == "good"
    assert times.clock_view(times.Clock(due_at=NOW + D - H), NOW).tone == "warn"


def test_done_clock_says_kept_or_how_late_and_ignores_now() -> None:
    late = times.Clock(due_at=NOW, done_at=NOW + D)
    assert times.clock_view(late, NOW + 9 * D).text == "迟了1天"
    assert times.clock_view(times.Clock(due_at=NOW, done_at=NOW), NOW + 9 * D).text == "按时"


def test_paused_clock_says_so_and_counted_working_time_wins_over_the_calendar() -> None:
    assert times.clock_view(times.Clock(due_at=NOW - D, paused=True), NOW).tone == "neutral"
    view = times.clock_view(times.Clock(due_at=NOW + 5 * D, started_at=NOW - D, working=True, left=9 * H), NOW)
    assert view.text == "还剩9小时"
    assert view.title == "应在2025年12月1日 14:00前办好（按工作时间计算）"


def test_when_speaks_of_today_in_the_zone_of_the_page() -> None:
    assert times.when(datetime(2025, 11, 26, 9, 0, tzinfo=UTC), NOW) == "今天 17:00"
    assert times.when(datetime(2025, 11, 26, 16, 30, tzinfo=UTC), NOW) == "明天 00:30"
    assert times.when(datetime(2025, 11, 25, 1, 0, tzinfo=UTC), NOW) == "昨天 09:00"
    assert times.when(datetime(2025, 11, 28, 9, 0, tzinfo=UTC), NOW) == "11月28日 17:00"
    assert times.when(datetime(2024, 11, 28, 9, 0, tzinfo=UTC), NOW) == "2024年11月28日 17:00"


def test_ago() -> None:
    assert times.ago(NOW - timedelta(seconds=20), NOW) == "刚刚"
    assert times.ago(NOW - 3 * H, NOW) == "3小时前"
    assert times.ago(NOW - 8 * D, NOW) == "11月18日"
    assert times.ago(NOW + H, NOW) == "今天 15:00"


def test_english_is_as_natural() -> None:
    with translation.override("en"):
        assert times.duration(D + 3 * H) == "1 day 3 hours"
        assert times.ago(NOW - H, NOW) == "1 hour ago"
        assert times.full_time(NOW) == "26 Nov 2025 14:00"
        assert times.clock_view(times.Clock(due_at=NOW - 3 * H), NOW).text == "3 hours overdue"
