import threading
from collections.abc import Iterator

import pytest
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse
from pytest_django import DjangoAssertNumQueries

from gongzhi.kernel import caches
from gongzhi.kernel.caches import Cached, FreshCachesMiddleware, pinned, touch
from gongzhi.kernel.models import CacheVersion


class Shelf:
    """A thing behind a cache: its value, and how often it was loaded."""

    def __init__(self, name: str) -> None:
        self.value = "one"
        self.loads = 0
        self.cached: Cached[str] = Cached(name, self.load)

    def load(self) -> str:
        self.loads += 1
        return self.value


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    yield Shelf("test shelf")
    del caches._registered["test shelf"]


@pytest.mark.django_db
def test_it_is_loaded_once_and_again_after_a_touch(shelf: Shelf) -> None:
    assert [shelf.cached.get() for _ in range(3)] == ["one"] * 3
    shelf.value = "two"
    assert shelf.cached.get() == "one"
    touch("test shelf")
    assert [shelf.cached.get() for _ in range(3)] == ["two"] * 3
    assert shelf.loads == 2
    shelf.value = "three"
    touch("test shelf")
    assert shelf.cached.get() == "three"


@pytest.mark.django_db
def test_a_touch_of_another_name_is_not_ours(shelf: Shelf) -> None:
    shelf.cached.get()
    touch("another", "and another")
    shelf.cached.get()
    assert shelf.loads == 1
    assert CacheVersion.objects.count() == 2


@pytest.mark.django_db
def test_one_statement_for_all_values_in_a_request(shelf: Shelf, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(shelf.cached.get() + shelf.cached.get())

    with django_assert_num_queries(1):
        response = FreshCachesMiddleware(view)(HttpRequest())
    assert response.content == b"oneone"  # type: ignore[attr-defined]
    with django_assert_num_queries(0):
        FreshCachesMiddleware(lambda request: HttpResponse())(HttpRequest())
    with django_assert_num_queries(2):  # outside requests every asking reads the stamps
        shelf.cached.get()
        shelf.cached.get()


@pytest.mark.django_db
def test_a_request_that_writes_sees_its_own_change(shelf: Shelf) -> None:
    with pinned():
        assert shelf.cached.get() == "one"
        shelf.value = "two"
        touch("test shelf")
        assert shelf.cached.get() == "two"


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_never_shown_to_others(shelf: Shelf) -> None:
    shelf.cached.get()
    with pytest.raises(RuntimeError), pinned(), transaction.atomic():  # noqa: PT012
        shelf.value = "never committed"
        touch("test shelf")
        assert shelf.cached.get() == "never committed"
        raise RuntimeError("rolled back")
    shelf.value = "one"
    assert shelf.cached.get() == "one"
    # The next writer's stamp is another one, whatever was rolled back before.
    shelf.value = "two"
    touch("test shelf")
    assert shelf.cached.get() == "two"


@pytest.mark.django_db(transaction=True)
def test_a_value_read_before_the_touch_of_a_rolled_back_write_is_not_kept(shelf: Shelf) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        shelf.value = "never committed"
        assert shelf.cached.get() == "never committed"
        raise RuntimeError("rolled back before the touch")
    shelf.value = "one"
    assert shelf.cached.get() == "one"


@pytest.mark.django_db(transaction=True)
def test_a_value_first_read_inside_a_transaction_is_kept_after_the_commit(shelf: Shelf) -> None:
    with transaction.atomic():
        shelf.cached.get()
    shelf.cached.get()
    assert shelf.loads == 1


@pytest.mark.django_db(transaction=True)
def test_another_thread_sees_the_change_at_its_next_request_and_keeps_its_own_until_then(shelf: Shelf) -> None:
    step, seen = threading.Barrier(2, timeout=10), []

    def reader() -> None:
        try:
            with pinned():
                seen.append(shelf.cached.get())
                step.wait()
                step.wait()
                seen.append(shelf.cached.get())
            with pinned():
                seen.append(shelf.cached.get())
        finally:
            connections.close_all()

    thread = threading.Thread(target=reader)
    thread.start()
    step.wait()
    shelf.value = "two"
    touch("test shelf")
    step.wait()
    thread.join()
    assert seen == ["one", "one", "two"]


@pytest.mark.django_db
def test_all_are_warmed_or_dropped_and_a_name_belongs_to_one(shelf: Shelf) -> None:
    caches.warm()
    assert shelf.loads == 1
    caches.forget_all()
    shelf.cached.get()
    assert shelf.loads == 2
    with pytest.raises(ValueError, match="exists already"):
        Cached("test shelf", lambda: 1)
