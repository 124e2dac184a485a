"""Rows that follow a seed file until the town edits them: missing ones are made, untouched ones kept as the file has them.

`SeedRow` remembers what the seed wrote. A row that says something else by now, or that is gone, was changed by the town: it stays
as the town has it, whatever the next release brings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from gongzhi.cases.models import SeedRow
from gongzhi.kernel.errors import DomainError

M = TypeVar("M", bound=models.Model)
Values = dict[str, Any]
BATCH = 500


@dataclass
class Tally:
    """What one file did: its rows; how many were added, changed, retired; the keys of those that stay as the town has them."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    retired: int = 0
    kept: list[str] = field(default_factory=list)


class Follower(Generic[M]):
    """One table following one file. `natural` are the columns by which a row made before `SeedRow` existed is known again."""

    def __init__(self, model: type[M], natural: Sequence[str]) -> None:
        self.model, self.natural, self.table = model, natural, str(model._meta.model_name)
        self.present: dict[str, M] = {str(row.pk): row for row in model._default_manager.all()}
        self.known = {self._nature(_values_of(row, natural)): row for row in self.present.values()}
        self.written = {row.key: row for row in SeedRow.objects.filter(table=self.table)}
        self.rows: dict[str, M | None] = {}
        self.fresh: list[tuple[SeedRow, M]] = []
        self.noted: list[SeedRow] = []
        self.tally = Tally()

    def follow(self, key: str, values: Mapping[str, Any]) -> None:
        """Hold one row of the file against the table. The new ones are written by `flush`."""
        if key in self.rows:
            raise DomainError(_("种子文件里“%(key)s”写了两行，请只留一行。") % {"key": key})
        self.tally.rows += 1
        wanted, written = _plain(values), self.written.get(key)
        if written is None:
            self._meet(key, wanted, values)
            return
        row = self.rows[key] = self.present.get(written.target)
        if wanted == written.values:
            return
        if row is None or self._is_edited(row, written, wanted):
            self.tally.kept.append(key)
            return
        self._write(row, written, wanted, values)
        self.tally.changed += 1

    def skip(self, key: str) -> None:
        """A row of the file that has no place in this town (yet): neither made nor taken back."""
        self.rows[key] = None
        self.tally.rows += 1

    def flush(self) -> None:
        """Write what is new. Once more before rows that name it as their parent."""
        self.model._default_manager.bulk_create([row for _note, row in self.fresh], batch_size=BATCH)
        for note, row in self.fresh:
            note.target = str(row.pk)
            self.noted.append(note)
        SeedRow.objects.bulk_create(self.noted, batch_size=BATCH)
        self.tally.added += len(self.fresh)
        self.fresh, self.noted = [], []

    def take_back(self, how: Literal["retire", "delete"]) -> None:
        """Rows that the file has dropped and nobody edited go out of use, or altogether where nothing points at them."""
        for key, written in self.written.items():
            row = self.present.get(written.target)
            if key in self.rows or row is None:
                continue
            if how == "retire" and written.values.get("is_active") is False:
                continue
            if self._is_edited(row, written, written.values):
                self.tally.kept.append(key)
                continue
            if how == "delete":
                row.delete()
                written.delete()
            else:
                self._write(row, written, {**written.values, "is_active": False}, {"is_active": False})
            self.tally.retired += 1

    def _meet(self, key: str, wanted: Values, values: Mapping[str, Any]) -> None:
        """The file's row for the first time. One that stands there already keeps its values; it follows later if they are the file's."""
        note = SeedRow(table=self.table, key=key, values=wanted)
        row = self.rows[key] = self.known.get(self._nature(wanted))
        if row is None:
            row = self.rows[key] = self.model(**values)
            self.fresh.append((note, row))
            return
        note.target = str(row.pk)
        self.noted.append(note)
        if _values_of(row, wanted) != wanted:
            self.tally.kept.append(key)

    def _is_edited(self, row: M, written: SeedRow, wanted: Values) -> bool:
        """Does it say something else than the seed wrote? Only columns that the seed still writes count."""
        was = {name: value for name, value in written.values.items() if name in wanted}
        return _values_of(row, was) != was

    def _write(self, row: M, written: SeedRow, wanted: Values, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        written.values = wanted
        written.save(update_fields=["values"])

    def _nature(self, values: Values) -> tuple[Any, ...]:
        return tuple(values[name] for name in self.natural)


def _values_of(row: models.Model, names: Sequence[str] | Mapping[str, Any]) -> Values:
    return _plain({name: getattr(row, name) for name in names})


def _plain(values: Mapping[str, Any]) -> Values:
    """As JSON keeps them."""
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}
