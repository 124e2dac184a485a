import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

from gongzhi.kernel import clock
from gongzhi.kernel.models import PeriodicRun, WorkerPresence
from gongzhi.kernel.tasks import Presence, periodic, tick
from gongzhi.kernel.tasks.periodic import _claim, _registered

NAME = "tests.kernel.test_periodic.count_up"
ran: list[int] = []


def count_up() -> None:
    ran.append(1)


@pytest.fixture(autouse=True)
def _only_mine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The registry with this one job only, so that a tick here runs nobody else's."""
    kept = dict(_registered)
    _registered.clear()
    ran.clear()
    periodic(seconds=60)(count_up)
    yield
    _registered.clear()
    _registered.update(kept)


@pytest.mark.django_db
def test_it_runs_when_due_and_not_before() -> None:
    start = clock.now()
    with clock.at(start):
        assert tick() == [NAME]
        assert tick() == []
    with clock.at(start + timedelta(seconds=59)):
        assert tick() == []
    with clock.at(start + timedelta(seconds=60)):
        assert tick() == [NAME]
    assert len(ran) == 2
    assert not WorkerPresence.objects.exists()


@pytest.mark.django_db
def test_a_failing_job_is_logged_and_comes_round_again(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise ValueError("the clock is broken")

    periodic(seconds=60)(fails)
    with caplog.at_level(logging.ERROR):
        assert tick() == [NAME]
    row = PeriodicRun.objects.get(name__contains="fails")
    assert (row.worker, row.last_error) == ("", "ValueError: the clock is broken")
    assert timedelta(seconds=50) < row.due_at - clock.now() <= timedelta(seconds=60)


@pytest.mark.django_db
def test_of_two_workers_that_saw_the_same_row_one_wins() -> None:
    PeriodicRun.objects.create(name=NAME, due_at=clock.now())
    seen_by_both = PeriodicRun.objects.get()
    assert _claim(seen_by_both, "first") == 1
    assert _claim(seen_by_both, "second") == 0
    # Nor when the first has finished in between.
    PeriodicRun.objects.update(worker="")
    assert _claim(seen_by_both, "second") == 0


@pytest.mark.django_db
def test_what_a_living_worker_holds_is_left_and_what_a_dead_one_held_is_run_at_once() -> None:
    with Presence(beats=False) as holder:
        PeriodicRun.objects.create(name=NAME, due_at=clock.now() - timedelta(hours=1), worker=holder.id)
        assert tick() == []
    PeriodicRun.objects.update(due_at=clock.now() + timedelta(hours=1))
    assert tick() == [NAME]


@pytest.mark.django_db
def test_a_row_that_a_worker_seems_to_hold_itself_is_left_from_before() -> None:
    with Presence(beats=False) as me:
        PeriodicRun.objects.create(name=NAME, due_at=clock.now() + timedelta(hours=1), worker=me.id)
        assert tick(me) == [NAME]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: races are shown on PostgreSQL")
def test_eight_workers_at_once_run_it_once() -> None:
    barrier = threading.Barrier(8)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            barrier.wait()
            tick()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    for round_number in range(1, 11):
        PeriodicRun.objects.update(due_at=clock.now() - timedelta(hours=1))
        run_threads([work] * 8)
        assert not errors
        assert len(ran) == round_number


def run_threads(works: list[Callable[[], Any]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db
def test_the_command_runs_what_is_due_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("tick")
    call_command("tick")
    assert capsys.readouterr().out.split() == [NAME, "ran=1", "ran=0"]
    assert len(ran) == 1
