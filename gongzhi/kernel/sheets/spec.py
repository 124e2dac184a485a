"""What a room takes in by sheet: its columns, its checks, and what it does with a batch of good rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gongzhi.kernel.errors import DomainError, Missing
from gongzhi.kernel.sheets.cells import FORMULA, Cell, is_formula_text, to_int, to_moment, to_number, to_text

Text = str | Promise


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DATETIME = "datetime"
    INT = "int"
    FLOAT = "float"
    CHOICE = "choice"


@dataclass(frozen=True)
class Column:
    """One column a sheet may have. ``labels``: how people head it, our own name for it first.

    ``choices`` maps what people write to the value kept. Values: str, aware datetime (UTC), int, float; None when empty.
    """

    key: str
    labels: tuple[Text, ...]
    kind: Kind = Kind.TEXT
    required: bool = False
    max_length: int = 10_000
    choices: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return str(self.labels[0])

    def read(self, cell: Cell) -> Any:
        """The value of a cell, or a DomainError whose field is this column."""
        try:
            return self._read(cell)
        except DomainError as refused:
            raise DomainError(refused.message, field=self.key) from None

    def _read(self, cell: Cell) -> Any:
        if cell is FORMULA or is_formula_text(cell):
            raise DomainError(_("这一格是公式。请改成普通文字或数字。"))
        if cell is None or not to_text(cell):
            if self.required:
                raise DomainError(_("这一格是空的，请补上。"))
            return None if self.kind is not Kind.TEXT else ""
        match self.kind:
            case Kind.DATETIME:
                return to_moment(cell)
            case Kind.INT:
                return to_int(cell)
            case Kind.FLOAT:
                return to_number(cell)
            case Kind.CHOICE:
                return self._choose(to_text(cell))
            case Kind.TEXT:
                return self._bounded(to_text(cell))

    def _bounded(self, text: str) -> str:
        if len(text) > self.max_length:
            raise DomainError(_("文字太长了（超过 %(limit)d 个字），请缩短。") % {"limit": self.max_length})
        return text

    def _choose(self, text: str) -> Any:
        wanted = plain_label(text)
        for written, value in self.choices.items():
            if plain_label(written) == wanted:
                return value
        known = "、".join(list(self.choices)[:8])
        raise DomainError(_("“%(value)s”不在可选范围里，可以填：%(known)s。") % {"value": text[:30], "known": known})


@dataclass(frozen=True)
class ValidRow:
    """A row that passed: its number in the sheet and its values by column key (every key of the spec is there)."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class CellError:
    """What is wrong with a row: the column's name as our page shows it ("" for the whole row), and the sentence."""

    row: int
    column: str
    message: str

    def as_text(self) -> str:
        return _("%(column)s：%(message)s") % {"column": self.column, "message": self.message} if self.column else self.message


def sentences(errors: Sequence[CellError]) -> str:
    """Everything that is wrong with a row, a line each."""
    return "\n".join(error.as_text() for error in errors)


@dataclass(frozen=True)
class Context:
    """What a batch knows beside its rows."""

    import_id: int
    by_id: int | None
    options: Mapping[str, Any]
    started_at: datetime


# Refusals of single rows out of a batch: (row number, sentence). Raising DomainError refuses too: see staging.
CommitRows = Callable[[Sequence[ValidRow], Context], Iterable[tuple[int, str]] | None]
ValidateRow = Callable[[dict[str, Any]], None]


def _accept(_values: dict[str, Any]) -> None:
    """No check beyond the columns' own."""


@dataclass(frozen=True)
class SheetSpec:
    """One kind of sheet.

    ``validate_row`` may change the values in place and raises DomainError (with the column's key as its field).
    ``commit_rows`` runs in the transaction that also keeps the progress; it writes, audits and notifies like any action.
    ``may_import`` is asked on every page with the user; ``done_url`` is where the finished import leads.
    """

    name: str
    title: Text
    columns: tuple[Column, ...]
    may_import: Callable[[Any], bool]
    commit_rows: CommitRows
    validate_row: ValidateRow = _accept
    hint: Text = ""
    done_url: Text = ""
    batch_size: int = 200

    @property
    def column_names(self) -> str:
        """The labels of all columns, for a sentence."""
        return "、".join(column.label for column in self.columns)

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def check(self, number: int, cells: Sequence[Cell], mapping: Mapping[str, int]) -> ValidRow | list[CellError]:
        """The row's values, or everything that is wrong with it."""
        values: dict[str, Any] = {}
        errors: list[CellError] = []
        for column in self.columns:
            position = mapping.get(column.key)
            cell = cells[position] if position is not None and position < len(cells) else None
            try:
                values[column.key] = column.read(cell)
            except DomainError as refused:
                errors.append(CellError(number, column.label, refused.message))
        if errors:
            return errors
        try:
            self.validate_row(values)
        except DomainError as refused:
            return [CellError(number, self._label(refused.field), refused.message)]
        return ValidRow(number, values)

    def _label(self, key: str | None) -> str:
        return next((column.label for column in self.columns if column.key == key), "")


_specs: dict[str, SheetSpec] = {}


def register(spec: SheetSpec) -> SheetSpec:
    """Make a kind of sheet known, in ``AppConfig.ready()``."""
    _specs[spec.name] = spec
    return spec


def get_spec(name: str) -> SheetSpec:
    try:
        return _specs[name]
    except KeyError:
        raise Missing from None


def guess_mapping(spec: SheetSpec, header: Sequence[str]) -> dict[str, int]:
    """Column key to position in the sheet: the same label first, then one that contains the other; each position once."""
    plain = [plain_label(label) for label in header]
    taken: dict[str, int] = {}
    for fits in (_same, _contains):
        for column in spec.columns:
            if column.key in taken:
                continue
            for label in map(plain_label, (*map(str, column.labels), column.key)):
                free = (at for at, name in enumerate(plain) if name and at not in taken.values() and fits(name, label))
                if (found := next(free, None)) is not None:
                    taken[column.key] = found
                    break
    return taken


def plain_label(text: str) -> str:
    """A label without what does not matter: width, case, spaces, marks, what stands in brackets."""
    plain = unicodedata.normalize("NFKC", str(text)).lower()
    return re.sub(r"\(.*?\)|\[.*?\]|[\W_]+", "", plain)


def _same(name: str, label: str) -> bool:
    return name == label


def _contains(name: str, label: str) -> bool:
    return len(label) >= 2 and len(name) >= 2 and (label in name or name in label)
