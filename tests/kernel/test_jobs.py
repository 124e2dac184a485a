import logging
from datetime import timedelta

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from gongzhi.kernel import clock
from gongzhi.kernel.models import WorkerPresence
from gongzhi.kernel.tasks import Presence, reap, run_pending
from tests.kernel import samples


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    samples.ran.clear()


@pytest.fixture
def commit(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> DjangoCaptureOnCommitCallbacks:
    return django_capture_on_commit_callbacks


def make_ready() -> None:
    """As if the wait were over."""
    DBTaskResult.objects.update(run_after=clock.wall() - timedelta(seconds=1))


@pytest.mark.django_db
def test_a_queued_job_runs_once_in_a_worker(commit: DjangoCaptureOnCommitCallbacks) -> None:
    with commit(execute=True):
        samples.note.enqueue(7, times=2)
    assert samples.ran == []
    assert run_pending() == 1
    assert run_pending() == 0
    assert samples.ran == [7, 7]
    assert DBTaskResult.objects.successful().count() == 1


def test_called_directly_it_runs_here() -> None:
    samples.note(3)
    assert samples.ran == [3]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_queued() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        samples.note.enqueue(1)
        raise RuntimeError("no")
    assert not DBTaskResult.objects.exists()
    with transaction.atomic():
        samples.note.enqueue(2)
        assert not DBTaskResult.objects.exists()
    assert run_pending() == 1
    assert samples.ran == [2]


@pytest.mark.django_db
def test_a_later_job_waits(commit: DjangoCaptureOnCommitCallbacks) -> None:
    with commit(execute=True):
        samples.note.enqueue_at(clock.wall() + timedelta(hours=1), 1)
    assert run_pending() == 0
    make_ready()
    assert run_pending() == 1


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_with_longer_waits_and_then_left(
    commit: DjangoCaptureOnCommitCallbacks, caplog: pytest.LogCaptureFixture
) -> None:
    with commit(execute=True):
        samples.fail.enqueue(9)
    waits = []
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            assert run_pending() == 1
            row = DBTaskResult.objects.get()
            waits.append(round((row.run_after - clock.wall()).total_seconds()))
            assert run_pending() == 0
            make_ready()
        assert run_pending() == 1
        make_ready()
        assert run_pending() == 0
    row = DBTaskResult.objects.get()
    assert (row.status, row.exception_class_path, samples.ran) == ("FAILED", "builtins.RuntimeError", [9, 9, 9])
    assert "no 9" in row.traceback
    assert waits == [60, 300]


@pytest.mark.django_db
def test_a_job_that_the_program_no_longer_knows_fails_at_once(
    commit: DjangoCaptureOnCommitCallbacks, caplog: pytest.LogCaptureFixture
) -> None:
    with commit(execute=True):
        samples.note.enqueue(1)
    DBTaskResult.objects.update(args_kwargs={"args": ["tests.kernel.samples.gone", [], {}], "kwargs": {}})
    with caplog.at_level(logging.ERROR):
        assert run_pending() == 1
    assert DBTaskResult.objects.get().status == "FAILED"


@pytest.mark.django_db
def test_the_job_of_a_dead_worker_is_given_back_and_that_of_a_living_one_is_not(commit: DjangoCaptureOnCommitCallbacks) -> None:
    with commit(execute=True):
        samples.note.enqueue(1)
        samples.note.enqueue(2)
    with Presence(beats=False) as living:
        held = list(DBTaskResult.objects.all())
        for row, holder in zip(held, (living.id, "killed:1:abc"), strict=True):
            DBTaskResult.objects.filter(pk=row.pk).update(status="RUNNING", worker_ids=[holder], started_at=clock.wall())
        assert reap() == 1
        assert reap() == 0
        assert DBTaskResult.objects.get(pk=held[0].pk).status == "RUNNING"
        assert DBTaskResult.objects.get(pk=held[1].pk).status == "READY"
    assert reap() == 1  # it left without finishing


@pytest.mark.django_db
def test_a_worker_that_gives_no_sign_counts_as_dead(commit: DjangoCaptureOnCommitCallbacks) -> None:
    with commit(execute=True):
        samples.note.enqueue(1)
    with Presence(beats=False) as silent:
        DBTaskResult.objects.update(status="RUNNING", worker_ids=[silent.id], started_at=clock.wall())
        WorkerPresence.objects.update(alive_until=clock.wall() - timedelta(seconds=1))
        assert reap() == 1


@pytest.mark.django_db
def test_a_job_that_kills_every_worker_is_not_given_back_for_ever(commit: DjangoCaptureOnCommitCallbacks) -> None:
    with commit(execute=True):
        samples.note.enqueue(1)
    DBTaskResult.objects.update(status="RUNNING", worker_ids=["a", "b", "c"], started_at=clock.wall())
    reap()
    assert DBTaskResult.objects.get().status == "FAILED"


@pytest.mark.django_db
def test_a_worker_thought_dead_does_not_overwrite_its_successor(
    commit: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with commit(execute=True):
        samples.note.enqueue(1)

    def taken_over(*args: object, **kwargs: object) -> None:
        DBTaskResult.objects.update(worker_ids=["first", "second"], started_at=clock.wall() + timedelta(seconds=1))

    monkeypatch.setattr(samples.note.__class__, "__call__", taken_over)
    assert run_pending() == 1
    row = DBTaskResult.objects.get()
    assert (row.status, row.worker_ids) == ("RUNNING", ["first", "second"])
