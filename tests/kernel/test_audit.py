import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy
from pytest_django import DjangoAssertNumQueries

from gongzhi.kernel import audit, clock
from gongzhi.kernel.audit import AuditEntry, RecordIsFinal, Ref

pytestmark = pytest.mark.django_db
CASE = Ref("cases.case", 7, "GZ-7K3")
THEN = datetime(2025, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)


def test_one_row_in_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with clock.at(THEN), django_assert_num_queries(1):
        made = audit.record(verb="case.closed", obj=CASE, by=5, facts={"to": "closed"}, body_id=3)
    row = AuditEntry.objects.get(pk=made.pk)
    assert (row.at, row.actor_id, row.actor_body_id, row.verb) == (THEN, 5, 3, "case.closed")
    assert (row.object_type, row.object_id, row.object_code, row.facts) == ("cases.case", 7, "GZ-7K3", {"to": "closed"})


def test_who_acted_in_every_form() -> None:
    actor = SimpleNamespace(user_id=8, body_id=4)
    row = audit.entry(verb="v", obj=CASE, by=actor)
    assert (row.actor_id, row.actor_body_id) == (8, 4)
    assert audit.entry(verb="v", obj=CASE, by=None).actor_id is None
    assert audit.entry(verb="v", obj=CASE, by=SimpleNamespace(user_id=None)).actor_id is None
    assert audit.entry(verb="v", obj=CASE, by=AuditEntry(pk=9)).actor_id == 9  # any row stands for itself


def test_a_model_row_names_itself_and_must_be_saved() -> None:
    kept = audit.record(verb="v", obj=CASE, by=None)
    assert audit.entry(verb="v", obj=kept, by=None).object_type == "kernel.auditentry"
    with pytest.raises(ValueError, match="no id"):
        audit.entry(verb="v", obj=AuditEntry(), by=None)


def test_the_digest_holds_after_reading_whatever_the_facts() -> None:
    facts = {
        "b": 1, "a": {"z": None, "y": [True, "二"]}, "big": 2**60, "point": 1e22, "money": Decimal("1.50"),
        "on": date(2025, 3, 1), "at": THEN, "id": UUID(int=1), "words": gettext_lazy("Monday"), "set": {3, 1, 2}, "tuple": (1, 2),
    }  # fmt: skip
    made = audit.record(verb="v", obj=CASE, by=1, facts=facts)
    row = AuditEntry.objects.get(pk=made.pk)
    assert audit.is_intact(row)
    assert row.facts["at"] == "2025-03-01T08:30:00.123456+00:00"
    assert row.facts["set"] == [1, 2, 3]


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor_id", 2), ("actor_body_id", 1), ("verb", "w"), ("object_id", 8), ("object_code", "x"), ("facts", {"k": 2}),
     ("object_type", "cases.step"), ("at", datetime(2025, 3, 1, 8, 30, 0, 123457, tzinfo=UTC))],
)  # fmt: skip
def test_a_change_of_any_column_shows(column: str, value: object) -> None:
    row = audit.entry(verb="v", obj=CASE, by=1, facts={"k": 1}, at=THEN)
    assert audit.is_intact(row)
    setattr(row, column, value)
    assert not audit.is_intact(row)


def test_the_digest_is_the_same_in_every_version_of_the_program() -> None:
    # Kept digests are compared with recomputed ones for years: this line must never change.
    row = audit.entry(verb="case.closed", obj=CASE, by=5, facts={"to": "closed", "甲": 1}, body_id=3, at=THEN)
    text = '["2025-03-01T08:30:00.123456+00:00",5,3,"case.closed","cases.case",7,"GZ-7K3",{"to":"closed","甲":1}]'
    assert row.digest == hashlib.sha256(text.encode()).hexdigest()


def test_only_plain_facts() -> None:
    with pytest.raises(TypeError, match="ids, codes and states"):
        audit.entry(verb="v", obj=CASE, by=1, facts={"row": object()})


def test_many_in_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = [audit.entry(verb="v", obj=Ref("cases.case", pk), by=1) for pk in range(1, 21)]
    with django_assert_num_queries(1):
        audit.record_many(rows)
    assert [row.object_id for row in AuditEntry.objects.about("cases.case", 4)] == [4]


def test_the_models_refuse_every_change() -> None:
    row = audit.record(verb="v", obj=CASE, by=1)
    row.verb = "w"
    attempts = [
        row.save, row.delete, AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(verb="w"),
        lambda: AuditEntry.objects.bulk_update([row], ["verb"]),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(RecordIsFinal):
            attempt()
    assert AuditEntry.objects.get().verb == "v"


@pytest.mark.parametrize("statement", ["UPDATE kernel_auditentry SET verb = 'w'", "DELETE FROM kernel_auditentry"])
def test_the_database_refuses_it_too(statement: str) -> None:
    audit.record(verb="v", obj=CASE, by=1)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().verb == "v"


def test_it_is_rolled_back_with_the_act() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        audit.record(verb="v", obj=CASE, by=1)
        raise RuntimeError("the act failed")
    assert not AuditEntry.objects.exists()
