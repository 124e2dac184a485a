"""Chinese search on SQLite and PostgreSQL alike.

No dictionary and no extension: text becomes a column of overlapping pairs of characters, separated by spaces, which both
databases index as plain words. A word of one, two or more characters is found, in text that nobody segmented.

The last character of a run is stored alone too, so that every character begins some token: a query of one character is a
search for tokens that begin with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, TypeVar

from django.apps import AppConfig
from django.core.exceptions import FieldDoesNotExist
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython
from django.db.models.expressions import Col
from django.db.models.signals import post_migrate
from django.db.models.sql.compiler import SQLCompiler
from django.dispatch import receiver

MAX_TEXT = 20_000
MAX_WORD = 64
MAX_QUERY_TOKENS = 32

M = TypeVar("M", bound=models.Model)

# Han in all its blocks, the repeat mark and the zero that are written among Han, kana and bopomofo.
_CJK = "\u3005\u3007\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_CJK}]+|(?:(?![{_CJK}_])\w)+")
_IS_CJK = re.compile(rf"[{_CJK}]")


def _runs(text: str) -> Iterator[tuple[bool, str]]:
    """(is Chinese, run) for each run of characters of one kind, in one spelling: full width and case do not matter."""
    plain = unicodedata.normalize("NFKC", text[:MAX_TEXT]).lower()
    for found in _RUNS.finditer(plain):
        run = found.group()
        yield bool(_IS_CJK.match(run)), run


def bigrams(*texts: str) -> str:
    """What to store in the search column of a row: "路灯坏了 A3区" becomes "路灯 灯坏 坏了 了 a3 区"."""
    tokens: dict[str, None] = {}
    for text in texts:
        for chinese, run in _runs(text):
            if not chinese:
                tokens[run[:MAX_WORD]] = None
                continue
            for start in range(len(run)):
                tokens[run[start : start + 2]] = None
    return " ".join(tokens)


def query_tokens(text: str) -> list[tuple[str, bool]]:
    """(token, matches its beginning only) of a question as typed; all of them must be found."""
    tokens: dict[tuple[str, bool], None] = {}
    for chinese, run in _runs(text[:500]):
        if not chinese:
            tokens[run[:MAX_WORD], len(run) < MAX_WORD] = None
        elif len(run) == 1:
            tokens[run, True] = None
        else:
            for start in range(len(run) - 1):
                tokens[run[start : start + 2], False] = None
    return list(tokens)[:MAX_QUERY_TOKENS]


def match(queryset: models.QuerySet[M], text: str, column: str = "search_text") -> models.QuerySet[M]:
    """The rows whose ``column`` holds every word of ``text``. Blank text filters nothing; text without a word finds nothing.

    ``column`` may run through relations ("case__search_text"). Never raises, whatever was typed.
    """
    if not text.strip():
        return queryset
    tokens = query_tokens(text)
    if not tokens:
        return queryset.none()
    return queryset.filter(_Matches(column, tokens))


class _Matches(models.Func):
    """The condition itself, in the words of each database."""

    output_field = models.BooleanField()
    arity = 1

    def __init__(self, column: Any, tokens: list[tuple[str, bool]], **extra: Any) -> None:
        super().__init__(column, **extra)
        self.tokens = tokens

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, list[Any]]:
        column_sql, params = compiler.compile(self.source_expressions[0])
        question = " & ".join(_lexeme(token) + (":*" if prefix else "") for token, prefix in self.tokens)
        return f"({_vector(column_sql)} @@ %s::tsquery)", [*params, question]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, tuple[str | int, ...]]:
        column = self.source_expressions[0]
        if not isinstance(column, Col):
            raise FieldDoesNotExist("search.match() needs a stored column")
        quote = connection.ops.quote_name
        table = column.target.model._meta.db_table
        key = column.target.model._meta.pk
        if key is None or key.column is None or column.target.column is None:
            raise FieldDoesNotExist("search.match() needs a stored column of a table with a key")
        index = quote(_fts_name(table, column.target.column))
        question = " ".join(f'"{token}"' + ("*" if prefix else "") for token, prefix in self.tokens)
        row = f"{quote(column.alias)}.{quote(key.column)}"
        return f"({row} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s))", (question,)  # noqa: S608  names of ours

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        raise NotImplementedError(f"search on {connection.vendor}")


def _lexeme(token: str) -> str:
    """Quoted for a tsquery literal. Tokens hold word characters only; the quoting is for whoever changes that."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _vector(column_sql: str) -> str:
    """Tokens as they are, past the text parser: what it calls a word depends on the locale of the server."""
    return f"array_to_tsvector(array_remove(string_to_array({column_sql}, ' '), ''))"


def search_index_operations(table: str, column: str = "search_text") -> list[RunPython]:
    """Migration operations that make ``match`` fast (PostgreSQL) or possible (SQLite). Reversible; schema only."""

    def forwards(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        create_index(editor.connection, table, column)

    def backwards(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        drop_index(editor.connection, table, column)

    return [RunPython(forwards, backwards)]


def create_index(connection: BaseDatabaseWrapper, table: str, column: str) -> None:
    """Create the index of one column and fill it from the rows that are there."""
    if connection.vendor == "postgresql":
        _execute(connection, f'CREATE INDEX "{_gin_name(table, column)}" ON "{table}" USING gin ({_vector(_q(column))})')
        return
    name = _fts_name(table, column)
    _execute(
        connection,
        f"CREATE VIRTUAL TABLE \"{name}\" USING fts5(\"{column}\", content='{table}', content_rowid='id', columnsize=0,"
        f" tokenize='unicode61 remove_diacritics 0')",
    )
    _create_triggers(connection, name, table, column)
    _execute(connection, f'INSERT INTO "{name}"("{name}") VALUES (\'rebuild\')')  # noqa: S608  names of ours


def drop_index(connection: BaseDatabaseWrapper, table: str, column: str) -> None:
    """Remove what ``create_index`` made."""
    if connection.vendor == "postgresql":
        _execute(connection, f'DROP INDEX IF EXISTS "{_gin_name(table, column)}"')
        return
    name = _fts_name(table, column)
    for suffix in ("ai", "ad", "au"):
        _execute(connection, f'DROP TRIGGER IF EXISTS "{name}_{suffix}"')
    _execute(connection, f'DROP TABLE IF EXISTS "{name}"')


def repair(connection: BaseDatabaseWrapper) -> list[str]:
    """Bring back what a table rebuild threw away, and say which indexes that were.

    On SQLite Django changes most columns by copying the table; the triggers go with the old one. Called after each migrate.
    """
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5(%'")
        found = [(name, _CONTENT.search(sql)) for name, sql in cursor.fetchall()]
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        triggers = {name for (name,) in cursor.fetchall()}
    mended = []
    for name, content in found:
        if content is None or {f"{name}_ai", f"{name}_ad", f"{name}_au"} <= triggers:
            continue
        column, table = content.groups()
        drop_index(connection, table, column)
        create_index(connection, table, column)
        mended.append(name)
    return mended


@receiver(post_migrate, dispatch_uid="kernel.search.repair")
def _repair_after_migrate(sender: AppConfig, using: str, **_: Any) -> None:
    # Once for the whole migrate, after the last room's operations have run.
    if sender.label == "kernel":
        repair(connections[using])


_CONTENT = re.compile(r"fts5\(\"(\w+)\", content='(\w+)'")


def _create_triggers(connection: BaseDatabaseWrapper, name: str, table: str, column: str) -> None:
    add = f'INSERT INTO "{name}"(rowid, "{column}") VALUES (new.id, new."{column}");'  # noqa: S608  names of ours
    remove = f'INSERT INTO "{name}"("{name}", rowid, "{column}") VALUES (\'delete\', old.id, old."{column}");'  # noqa: S608
    for suffix, event, body in (
        ("ai", "INSERT", add),
        ("ad", "DELETE", remove),
        ("au", f'UPDATE OF "{column}"', f"{remove} {add}"),
    ):
        _execute(connection, f'CREATE TRIGGER "{name}_{suffix}" AFTER {event} ON "{table}" BEGIN {body} END')


def _execute(connection: BaseDatabaseWrapper, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _q(name: str) -> str:
    return f'"{name}"'


def _fts_name(table: str, column: str) -> str:
    return f"{table}_{column}_fts"


def _gin_name(table: str, column: str) -> str:
    # PostgreSQL cuts names at 63 bytes; cutting them here keeps drop and create agreed.
    return f"{table}_{column}_gin"[:63]
