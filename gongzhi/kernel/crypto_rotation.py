"""Moving a whole site to new keys: sealed columns, sealed values inside JSON, and blind indexes rebuilt from their plain values.

Sealed columns find themselves. The two lists below name what cannot: a test over the schema fails for an index that stands in none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import IntegrityError, models, transaction

from gongzhi.kernel import crypto

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Index:
    """A blind index: column, and the encrypted column and purpose it is made of."""

    model: str
    column: str
    source: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Inside:
    """Values sealed under `context` at the top of a JSON column."""

    model: str
    column: str
    names: tuple[str, ...]
    context: str


INDEXES: Final = (
    Index("accounts.User", "phone_index", "phone", "accounts.phone"),
    Index("cases.Reporter", "phone_index", "phone", "case.phone"),
)
NOT_REBUILT: Final = {
    "cases.Reporter.claim_index": "stays under the first key (crypto.LASTING): nobody knows the code but its owner",
    "accounts.PhoneCode.phone_index": "a code lives for minutes, its row for a day: ask for a new one",
}
INSIDE_JSON: Final = (
    Inside("mfa.Authenticator", "data", ("secret", "seed"), "mfa.authenticator"),
    Inside("kernel.IdempotencyKey", "outcome", ("claim",), "cases.intake.claim"),
)


@dataclass(slots=True)
class Figures:
    """What a run did: `unreadable` values lack their key or are damaged, `clashes` are indexes another row already has."""

    moved: int = 0
    indexes: int = 0
    unreadable: int = 0
    clashes: int = 0

    @property
    def is_whole(self) -> bool:
        return not (self.unreadable or self.clashes)


def rotate(*, batch: int = 500, say: Say = lambda text: None) -> Figures:
    """Bring everything under the current keys. It can be broken off and run again."""
    figures = Figures()
    for model in apps.get_models(include_auto_created=True):
        if crypto.sealed_columns(model):
            _columns(model, batch, figures, say)
    for inside in INSIDE_JSON:
        _inside_json(inside, batch, figures, say)
    for index in INDEXES:
        _index(index, batch, figures, say)
    return figures


def _columns(model: type[models.Model], batch: int, figures: Figures, say: Say) -> None:
    label = model._meta.label
    done = crypto.reencrypt(model, batch=batch, on_page=lambda moved: say(f"{label} {moved.values + moved.unreadable} …"))
    figures.moved += done.values
    figures.unreadable += done.unreadable
    say(f"{label} moved={done.values} unreadable={done.unreadable}")


def _pages(model: type[models.Model], batch: int, *columns: str, **wanted: Any) -> Iterator[list[Any]]:
    """Rows in the order of their keys, a page at a time; each page in a transaction of its own."""
    last: Any = None
    rows = model._base_manager.filter(**wanted).order_by("pk")
    while page := list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", *columns)[:batch]):
        with transaction.atomic():
            yield page
        last = page[-1][0]


def _inside_json(inside: Inside, batch: int, figures: Figures, say: Say) -> None:
    model = apps.get_model(inside.model)
    moved = 0
    for page in _pages(model, batch, inside.column):
        for pk, held in page:
            fresh = _resealed(held, inside, figures)
            if fresh != held:  # exchanged only if nobody changed it meanwhile
                moved += model._base_manager.filter(pk=pk, **{inside.column: held}).update(**{inside.column: fresh})
    figures.moved += moved
    say(f"{inside.model}.{inside.column} moved={moved}")


def _resealed(held: Any, inside: Inside, figures: Figures) -> Any:
    if not isinstance(held, dict):
        return held
    fresh = dict(held)
    for name in inside.names:
        value = held.get(name)
        if isinstance(value, str) and value and not crypto.is_current(value):
            try:
                fresh[name] = crypto.seal(crypto.unseal(value, inside.context), inside.context)
            except crypto.CannotDecrypt:
                figures.unreadable += 1
    return fresh


def _index(index: Index, batch: int, figures: Figures, say: Say) -> None:
    """An index does not say which key made it: each is made again and compared."""
    model = apps.get_model(index.model)
    seen = changed = 0
    for page in _pages(model, batch, index.column, **{f"{index.column}__gt": ""}):
        plain = _plain(model, index.source, [pk for pk, _old in page])
        for pk, old in page:
            fresh = crypto.blind_index(plain[pk], index.purpose) if plain.get(pk) else old
            if fresh != old:
                changed += _exchange(model, index.column, pk, old, fresh, figures, say)
        seen += len(page)
        say(f"{index.model}.{index.column} {seen} …")
    figures.indexes += changed
    say(f"{index.model}.{index.column} rebuilt={changed} of={seen}")


def _plain(model: type[models.Model], column: str, keys: list[Any]) -> dict[Any, str]:
    """The plain values by key; one that cannot be read was counted when its column was moved, and is left out."""
    try:
        return dict(model._base_manager.filter(pk__in=keys).values_list("pk", column))
    except crypto.CannotDecrypt:
        if len(keys) == 1:
            return {}
        half = len(keys) // 2
        return _plain(model, column, keys[:half]) | _plain(model, column, keys[half:])


def _exchange(model: type[models.Model], column: str, pk: Any, old: str, fresh: str, figures: Figures, say: Say) -> int:
    try:
        with transaction.atomic():
            return int(model._base_manager.filter(pk=pk, **{column: old}).update(**{column: fresh}))
    except IntegrityError:
        figures.clashes += 1
        say(f"{model._meta.label} {pk}: another row already has this {column}; was the site running under the new index key?")
        return 0
