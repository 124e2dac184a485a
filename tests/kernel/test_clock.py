import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gongzhi.kernel import clock

THEN = datetime(2025, 3, 1, 8, 30, tzinfo=UTC)


def test_now_is_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().utcoffset() == timedelta(0)


def test_a_moved_clock_nests_and_comes_back() -> None:
    with clock.at(THEN):
        assert clock.now() == THEN
        with clock.at(THEN + timedelta(days=1)):
            assert clock.now() == THEN + timedelta(days=1)
        assert clock.now() == THEN
    assert clock.now() - THEN > timedelta(days=1)


def test_it_comes_back_after_an_error() -> None:
    with pytest.raises(RuntimeError, match="inside"), clock.at(THEN):
        raise RuntimeError("inside")
    assert clock.now() != THEN


def test_other_threads_and_the_wall_are_not_moved() -> None:
    seen: list[datetime] = []
    with clock.at(THEN):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
        assert clock.wall() != THEN
    assert seen[0] > THEN + timedelta(days=1)


def test_any_zone_is_shown_in_utc_and_a_naive_moment_is_refused() -> None:
    with clock.at(THEN.astimezone(ZoneInfo("Asia/Shanghai"))):
        assert clock.now().isoformat() == "2025-03-01T08:30:00+00:00"
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2025, 3, 1)):
        pass


def test_today_is_the_day_of_the_town() -> None:
    with clock.at(datetime(2025, 3, 1, 17, 0, tzinfo=UTC)):  # 01:00 on the 2nd in Shanghai
        assert clock.today().isoformat() == "2025-03-02"
