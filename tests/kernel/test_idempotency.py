import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from pytest_django import DjangoAssertNumQueries

from gongzhi.kernel import clock
from gongzhi.kernel.errors import KeyReused
from gongzhi.kernel.idempotency import Replay, begin, find, forget_old_keys, hash_of, once, remember
from gongzhi.kernel.models import IdempotencyKey

SAME: dict[str, Any] = {"scope": "case.open:1", "key": "abc", "body": {"words": "路灯坏了", "at": [1, 2]}}


def do(**changes: Any) -> tuple[bool, Any]:
    """An action: whether it was done now, and its outcome."""
    with transaction.atomic(), once(**{**SAME, **changes}) as claim:
        if claim.is_replay:
            return False, claim.outcome
        claim.finish({"id": IdempotencyKey.objects.count()})
        return True, claim.outcome


@pytest.mark.django_db
def test_the_second_time_gives_the_first_outcome() -> None:
    assert do() == (True, {"id": 1})
    assert do() == (False, {"id": 1})
    assert do(body={"at": [1, 2], "words": "路灯坏了"}) == (False, {"id": 1})  # the order of names is not another body


@pytest.mark.django_db
def test_another_body_is_refused_and_another_scope_or_key_is_another_matter() -> None:
    do()
    with pytest.raises(KeyReused):
        do(body={"words": "井盖没了"})
    assert do(scope="case.open:2")[0]
    assert do(key="abd")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_every_time_is_the_first(key: str | None) -> None:
    assert do(key=key)[0]
    assert do(key=key)[0]
    remember(**{**SAME, "key": key}, outcome=1)
    assert find(**{**SAME, "key": key}) is None
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["k" * 5_000, "a\x00b", "键" * 200])
def test_any_key_fits(key: str) -> None:
    assert do(key=key)[0]
    assert not do(key=key)[0]


@pytest.mark.django_db
def test_an_action_that_fails_leaves_its_key_free() -> None:
    with pytest.raises(RuntimeError), transaction.atomic(), once(**SAME):
        raise RuntimeError("the action failed")
    assert do()[0]


@pytest.mark.django_db
def test_a_claim_that_is_not_finished_is_a_mistake_of_the_program() -> None:
    with pytest.raises(RuntimeError, match="not finished"), transaction.atomic(), once(**SAME):
        pass
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_key_is_claimed_inside_the_action() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        begin(**SAME)


@pytest.mark.django_db
def test_the_shortest_way_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        remember(**SAME, outcome={"code": "7K3"})
    with pytest.raises(Replay) as found, transaction.atomic():
        remember(**SAME, outcome={"code": "other"})
    assert found.value.outcome == {"code": "7K3"}
    with pytest.raises(KeyReused), transaction.atomic():
        remember(**{**SAME, "body": "other"}, outcome=None)
    assert IdempotencyKey.objects.count() == 1  # and the transaction of the test is still usable


@pytest.mark.django_db
def test_asking_beforehand_claims_nothing() -> None:
    assert find(**SAME) is None
    do()
    found = find(**SAME)
    assert found
    assert (found.is_replay, found.outcome) == (True, {"id": 1})
    with pytest.raises(KeyReused):
        find(**{**SAME, "body": "other"})


@pytest.mark.django_db
def test_keys_are_forgotten_after_thirty_days() -> None:
    with clock.at(clock.now() - timedelta(days=31)):
        do(key="old")
    do(key="new")
    assert forget_old_keys() == 1
    assert IdempotencyKey.objects.get().key == "new"


def test_bodies_of_every_form() -> None:
    assert hash_of(b"abc") == hash_of("abc") != hash_of({"a": "bc"})
    assert hash_of({"at": clock.now().date(), "b": 1}) == hash_of({"b": 1, "at": clock.now().date()})
    assert hash_of({"a": 1}) != hash_of({"a": "1"})


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: races are shown on PostgreSQL")
@pytest.mark.parametrize("way", ["once", "remember"])
def test_of_eight_at_once_one_does_it_and_all_get_its_outcome(way: str) -> None:
    barrier = threading.Barrier(8)
    results: list[tuple[bool, Any]] = []

    def act(number: int, key: str) -> tuple[bool, Any]:
        if way == "once":
            return do(key=key)
        try:
            with transaction.atomic():
                remember(**{**SAME, "key": key}, outcome=number)
        except Replay as replay:
            return False, replay.outcome
        return True, number

    def work(number: int, key: str) -> None:
        try:
            barrier.wait()
            results.append(act(number, key))
        finally:
            connections.close_all()

    for round_number in range(10):
        results.clear()
        threads = [threading.Thread(target=work, args=[number, f"race-{round_number}"]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(results) == 8
        assert sum(is_first for is_first, _ in results) == 1
        assert len({str(outcome) for _, outcome in results}) == 1
