"""Rows straight into their tables: what `bulk_create` writes, without an object per row. For histories built in bulk alone.

PostgreSQL takes them by COPY, SQLite by one prepared statement. Values are those Django would store, column by column
(`tests/cases/test_bulk.py` holds both side by side).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models

from gongzhi.kernel.crypto import EncryptedTextField

Convert = Callable[[Any], Any] | None


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` primary keys that nobody else will get; call inside the transaction that writes the rows."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [f'"{table}"', count])
            return [row[0] for row in cursor.fetchall()]
        # The transaction is IMMEDIATE, so nobody writes beside us; an explicit id moves the sequence along by itself.
        cursor.execute("SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0)", [table])
        last = int(cursor.fetchone()[0])
    return list(range(last + 1, last + count + 1))


def columns_of(model: type[models.Model], *, with_id: bool) -> list[str]:
    """The attribute names of a model's columns in the order `insert` wants their values."""
    return [one.attname for one in model._meta.concrete_fields if with_id or not one.primary_key]


def values_getter(model: type[models.Model], *, with_id: bool) -> Callable[[Any], Sequence[Any]]:
    """From an instance to its values in the order of `columns_of`."""
    getter: Callable[[Any], Sequence[Any]] = attrgetter(*columns_of(model, with_id=with_id))
    return getter


def insert(model: type[models.Model], rows: Iterable[Sequence[Any]], *, with_id: bool) -> None:
    """Write rows whose values stand in the order of `columns_of`. Inside a transaction; constraints hold as always."""
    fields = [one for one in model._meta.concrete_fields if with_id or not one.primary_key]
    turns = [(at, turn) for at, one in enumerate(fields) if (turn := _convert(connection.vendor, one))]
    ready = [_turned(row, turns) for row in rows]
    if not ready:
        return
    names = ", ".join(connection.ops.quote_name(one.column or "") for one in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in ready:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", ready)  # noqa: S608  names of ours


def _turned(row: Sequence[Any], turns: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    values = list(row)
    for at, turn in turns:
        value = values[at]
        if value is not None:
            values[at] = turn(value)
    return values


def _convert(vendor: str, field: models.Field[Any, Any]) -> Convert:
    """How a column's Python value becomes what the driver takes; None: as it is."""
    if isinstance(field, EncryptedTextField):
        return lambda value: field.get_db_prep_save(value, connection)
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.CharField | models.TextField):
        # Drivers look at the exact type: a TextChoices member is a str of another class.
        return str
    if vendor == "sqlite" and isinstance(field, models.DateTimeField):
        return _sqlite_moment
    if vendor == "sqlite" and isinstance(field, models.DateField):
        return str
    return None


def _sqlite_moment(value: dt.datetime) -> str:
    if value.tzinfo is not dt.UTC:
        value = value.astimezone(dt.UTC)
    return str(value)[:-6]


def _json(value: Any) -> str:
    if not value:
        return "{}" if isinstance(value, dict) else "[]" if isinstance(value, list | tuple) else json.dumps(value)
    return json.dumps(value)
