import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from gongzhi.kernel import events


@dataclass(frozen=True)
class LampFixed:
    lamp_id: int


@dataclass(frozen=True)
class BigLampFixed(LampFixed):
    pass


@pytest.fixture
def heard() -> Iterator[list[int]]:
    ids: list[int] = []

    def on_lamp_fixed(event: LampFixed) -> None:
        ids.append(event.lamp_id)

    events.subscribe(LampFixed, on_lamp_fixed)
    events.subscribe(LampFixed, on_lamp_fixed)
    yield ids
    events.unsubscribe(LampFixed, on_lamp_fixed)


@pytest.mark.django_db(transaction=True)
def test_it_is_heard_once_after_the_commit(heard: list[int]) -> None:
    with transaction.atomic():
        events.publish(LampFixed(1))
        assert heard == []
    assert heard == [1]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_said(heard: list[int]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        events.publish(LampFixed(1))
        raise RuntimeError("no")
    assert heard == []


@pytest.mark.django_db
def test_only_the_very_class_is_heard(heard: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        events.publish(BigLampFixed(2))
    assert heard == []


@pytest.mark.django_db
def test_muted_says_nothing(heard: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        with events.muted():
            events.publish(LampFixed(3))
        events.publish(LampFixed(4))
    assert heard == [4]


@pytest.mark.django_db
def test_a_failing_handler_is_logged_and_the_others_still_hear(
    heard: list[int], caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    @dataclass(frozen=True)
    class Broken:
        lamp_id: int

    def fails(event: Broken) -> None:
        raise ValueError("handler is broken")

    events.subscribe(Broken, fails)
    events.subscribe(Broken, lambda event: heard.append(event.lamp_id))
    with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):
        events.publish(Broken(5))
    assert heard == [5]
    assert "fails" in caplog.text
    assert "handler is broken" in caplog.text
