"""A pytest plugin for tests with real transactions: between them Django empties every table, and the record refuses that.

On SQLite emptying is a DELETE, which the triggers of the audit table stop (on PostgreSQL it is a TRUNCATE). This puts the
triggers aside for exactly the statements of the flush and back again in the same transaction. The root conftest loads it
(`from tests.kernel.flushing import audit_lets_flush_pass`).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'kernel_auditentry'"


@pytest.fixture(autouse=True, scope="session")
def audit_lets_flush_pass() -> Iterator[None]:
    operations = DatabaseWrapper.ops_class
    plain = operations.sql_flush
    if getattr(plain, "lets_audit_pass", False):  # loaded by the root conftest and by this folder's
        yield
        return

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = plain(self, style, tables, **options)
        if not statements or "kernel_auditentry" not in tables:
            return statements
        with self.connection.cursor() as cursor:
            cursor.execute(TRIGGERS)
            triggers = cursor.fetchall()
        aside = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
        return [*aside, *statements, *(sql for _, sql in triggers)]

    sql_flush.lets_audit_pass = True  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        yield
