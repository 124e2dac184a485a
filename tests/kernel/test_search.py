"""Chinese search on the database at hand (the suite runs on SQLite and on PostgreSQL)."""

from collections.abc import Iterator

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongzhi.kernel import search


class Note(models.Model):
    """A table of this test alone."""

    search_text = models.TextField()

    class Meta:
        app_label = "search_test"
        managed = False
        db_table = "search_test_note"

    def __str__(self) -> str:
        return self.search_text


TEXTS = {
    1: "东门路口的路灯坏了，晚上很黑",
    2: "A3区广场舞噪音太大，影响老人休息",
    3: "小区停车位被占，ＥＴＣ 栏杆坏",
    4: "𠮷家巷12号化粪池外溢",
}


@pytest.fixture
def notes(db: None) -> Iterator[None]:
    key = "bigserial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE search_test_note (id {key} PRIMARY KEY, search_text text NOT NULL)")
    Note.objects.create(pk=1, search_text=search.bigrams(TEXTS[1]))  # before the index: it must be filled
    search.create_index(connection, "search_test_note", "search_text")
    for pk, text in TEXTS.items():
        if pk > 1:
            Note.objects.create(pk=pk, search_text=search.bigrams(text))
    yield
    search.drop_index(connection, "search_test_note", "search_text")


def found(text: str) -> list[int]:
    return sorted(search.match(Note.objects.all(), text).values_list("pk", flat=True))


def test_bigrams() -> None:
    assert search.bigrams("路灯坏了 A3区") == "路灯 灯坏 坏了 了 a3 区"
    assert search.bigrams("ＥＴＣ", "etc") == "etc"
    assert search.bigrams("", "，。!") == ""


def test_bigrams_are_bounded() -> None:
    assert len(search.bigrams("路灯坏" * 100_000)) < 100
    assert len(search.bigrams("x" * 100_000)) == search.MAX_WORD


@pytest.mark.parametrize(
    ("text", "pks"),
    [
        ("灯", [1]),
        ("黑", [1]),  # the last character of a run
        ("坏", [1, 3]),
        ("路灯", [1]),
        ("广场舞", [2]),
        ("老人休息", [2]),
        ("路 黑", [1]),
        ("a3", [2]),
        ("Ａ３区", [2]),
        ("etc", [3]),
        ("et", [3]),
        ("𠮷", [4]),
        ("𠮷家", [4]),
        ("12号", [4]),
        ("灯路", []),
        ("路灯 噪音", []),
        ("！？", []),
        ("", [1, 2, 3, 4]),
        ("  ", [1, 2, 3, 4]),
        ("路灯' OR 1=1 --", []),
        ('"路灯" AND NOT', []),
    ],
)
def test_match(notes: None, text: str, pks: list[int]) -> None:
    assert found(text) == pks


def test_index_follows_changes(notes: None) -> None:
    Note.objects.filter(pk=1).update(search_text=search.bigrams("水管漏水"))
    assert found("路灯") == []
    assert found("漏水") == [1]
    Note.objects.filter(pk=1).delete()
    assert found("漏水") == []


def test_match_composes_with_other_filters(notes: None) -> None:
    queryset = search.match(Note.objects.filter(pk__gt=1), "坏")
    assert [note.pk for note in queryset] == [3]
    assert queryset.count() == 1
    assert search.match(Note.objects.exclude(pk=3), "坏").exists()


def test_text_that_no_bigram_made_does_no_harm(notes: None) -> None:
    Note.objects.create(pk=9, search_text="  两个  空格 ")
    assert found("空格") == [9]


def test_repair_after_a_table_was_rebuilt(notes: None) -> None:
    if connection.vendor != "sqlite":
        assert search.repair(connection) == []
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE copy (id integer PRIMARY KEY, search_text text NOT NULL)")
        cursor.execute("INSERT INTO copy SELECT id, search_text FROM search_test_note")
        cursor.execute("DROP TABLE search_test_note")
        cursor.execute("ALTER TABLE copy RENAME TO search_test_note")
    assert search.repair(connection) == ["search_test_note_search_text_fts"]
    assert search.repair(connection) == []
    Note.objects.create(pk=7, search_text=search.bigrams("新的井盖"))
    assert found("井盖") == [7]
    assert found("路灯") == [1]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_match_never_fails(notes: None, text: str) -> None:
    found(text)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="路灯坏了a3区1 ，𠮷々é", min_size=1, max_size=12), st.data())
def test_every_part_of_a_text_finds_it(notes: None, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    Note.objects.update_or_create(pk=50, defaults={"search_text": search.bigrams(text)})
    whole_words = all(chinese or f" {run} " in f" {search.bigrams(text)} " for chinese, run in search._runs(part))
    if search.query_tokens(part) and whole_words:
        assert 50 in found(part)


def test_migration_operations_run_both_ways(db: None) -> None:
    key = "bigserial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE search_test_note (id {key} PRIMARY KEY, search_text text NOT NULL)")

    class Editor:
        pass

    editor = Editor()
    editor.connection = connection  # type: ignore[attr-defined]
    (operation,) = search.search_index_operations("search_test_note")
    assert operation.reversible
    operation.code(None, editor)  # type: ignore[arg-type]
    Note.objects.create(pk=1, search_text=search.bigrams("路灯"))
    assert found("灯") == [1]
    operation.reverse_code(None, editor)  # type: ignore[arg-type, misc]
    operation.code(None, editor)  # type: ignore[arg-type]
    assert found("灯") == [1]


def test_migrate_repairs_by_itself(notes: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its index when a column changes")
    with connection.cursor() as cursor:
        cursor.execute('DROP TRIGGER "search_test_note_search_text_fts_ai"')
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    Note.objects.create(pk=7, search_text=search.bigrams("新的井盖"))
    assert found("井盖") == [7]
