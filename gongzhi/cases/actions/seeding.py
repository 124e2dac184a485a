"""The town's rows from `seeds/`: body kinds, categories, questions, keywords, terms, routing, caps, wording.

Loading again adds what is missing and lets untouched rows follow the file; what a town changed, added or deleted in the admin stays
as the town has it (`following`). So `./up` may seed after every release.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import models, transaction

from gongzhi.cases.actions.following import Follower, Tally
from gongzhi.cases.models import Attribute, Cap, Category, Keyword, RoutingRule, TermRule, Wording
from gongzhi.community.models import Body, BodyKind, Place
from gongzhi.kernel import caches

Row = dict[str, str]


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of a seed file, stripped."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: (value or "").strip() for key, value in row.items()}


@transaction.atomic
def load_seeds(*, folder: Path) -> dict[str, Tally]:
    """Load every catalogue file of a folder; what each of them did."""
    categories, told = _categories(folder / "categories.csv")
    tallies = {
        "body_kinds": _body_kinds(folder / "body_kinds.csv"),
        "categories": told,
        "keywords": _keywords(folder / "categories.csv", categories),
        "attributes": _attributes(folder / "attributes.csv", categories),
        "terms": _terms(folder / "terms.csv", categories),
        "caps": _caps(folder / "caps.csv"),
        "wording": _wording(folder / "wording.csv"),
        "routing": _routing(folder / "routing.csv", categories),
    }
    for name in ("catalogue", "bodies"):
        caches.touch(name)
    return tallies


def _settle(model: type[models.Model], natural: Iterable[str], rows: Iterable[tuple[str, Mapping[str, Any] | None]]) -> Follower[Any]:
    """Follow all rows (key, values) of a file; values None: the row names something that this town does not have."""
    follower: Follower[Any] = Follower(model, tuple(natural))
    for key, values in rows:
        if values is None:
            follower.skip(key)
        else:
            follower.follow(key, values)
    follower.flush()
    return follower


def _body_kinds(path: Path) -> Tally:
    rows = [
        (row["code"], {"code": row["code"], "name": row["name_zh"], "name_en": row["name_en"], "level": row["level"]})
        for row in rows_of(path)
    ]
    return _settle(BodyKind, ["code"], rows).tally


def _categories(path: Path) -> tuple[dict[str, int], Tally]:
    """The categories, and the id of each by the code that the files call it by."""
    follower = Follower(Category, ["code"])
    for number, row in enumerate(rows_of(path), start=1):
        parent = None
        if row["parent"]:
            if any(fresh.code == row["parent"] for _note, fresh in follower.fresh):
                follower.flush()
            parent = follower.rows.get(row["parent"])
            if parent is None:
                follower.skip(row["code"])
                continue
        follower.follow(row["code"], _category(row, parent.pk if parent else None, number))
    follower.flush()
    follower.take_back("retire")
    return {key: found.pk for key, found in follower.rows.items() if found is not None}, follower.tally


def _category(row: Row, parent_id: int | None, position: int) -> dict[str, Any]:
    return {
        "code": row["code"], "parent_id": parent_id, "name": row["name_zh"], "name_en": row["name_en"], "kind": row["kind"],
        "risk": row["risk"], "icon": row["icon"], "is_public": row["is_public"] == "1", "legal_route": row["legal_route"],
        "position": position, "is_active": True,
    }  # fmt: skip


def _keywords(path: Path, categories: Mapping[str, int]) -> Tally:
    rows = [
        (
            f"{row['code']}/{word}",
            {"category_id": categories[row["code"]], "word": word, "weight": weight} if row["code"] in categories else None,
        )
        for row in rows_of(path)
        for word, weight in _words(row["keywords"])
    ]
    follower = _settle(Keyword, ["category_id", "word"], rows)
    follower.take_back("delete")
    return follower.tally


def _words(text: str) -> Iterator[tuple[str, float]]:
    for part in filter(None, text.split("|")):
        word, _colon, weight = part.partition(":")
        yield word, float(weight or 1)


def _attributes(path: Path, categories: Mapping[str, int]) -> Tally:
    rows = [(f"{row['category']}/{row['code']}", _attribute(row, categories.get(row["category"]))) for row in rows_of(path)]
    return _settle(Attribute, ["category_id", "code"], rows).tally


def _attribute(row: Row, category_id: int | None) -> dict[str, Any] | None:
    if category_id is None:
        return None
    return {
        "category_id": category_id, "code": row["code"], "variable": row["variable"] == "1", "datatype": row["datatype"],
        "required": row["required"] == "1", "position": int(row["position"]), "question": row["question_zh"],
        "question_en": row["question_en"], "values": _values(row["values"]),
    }  # fmt: skip


def _values(text: str) -> list[dict[str, str]]:
    found = []
    for part in filter(None, text.split("|")):
        key, name, name_en = [*part.split(":"), "", ""][:3]
        found.append({"key": key, "name": name, "name_en": name_en})
    return found


def _terms(path: Path, categories: Mapping[str, int]) -> Tally:
    rows = [("/".join([row["clock"], row["category"], row["risk"], row["in_force_on"]]), _term(row, categories)) for row in rows_of(path)]
    return _settle(TermRule, ["clock", "category_id", "risk", "in_force_on"], rows).tally


def _term(row: Row, categories: Mapping[str, int]) -> dict[str, Any] | None:
    if row["category"] and row["category"] not in categories:
        return None
    return {
        "clock": row["clock"], "category_id": categories.get(row["category"]), "risk": row["risk"],
        "in_force_on": dt.date.fromisoformat(row["in_force_on"]), "amount": int(row["amount"]), "unit": row["unit"],
        "source": row["source"], "is_confirmed": row["is_confirmed"] == "1",
    }  # fmt: skip


def _caps(path: Path) -> Tally:
    rows = [
        (
            row["code"],
            {
                "code": row["code"], "name": row["name_zh"], "value": int(row["value"]), "source": row["source"],
                "is_confirmed": row["is_confirmed"] == "1",
            },
        )
        for row in rows_of(path)
    ]  # fmt: skip
    return _settle(Cap, ["code"], rows).tally


def _wording(path: Path) -> Tally:
    rows = [
        (
            row["code"],
            {
                "code": row["code"], "kind": row["kind"], "title": row["title_zh"], "title_en": row["title_en"], "text": row["text_zh"],
                "text_en": row["text_en"],
            },
        )
        for row in rows_of(path)
    ]  # fmt: skip
    return _settle(Wording, ["code"], rows).tally


CONDITIONS = ("category_id", "category_kind", "place_id", "place_kind", "owner_kind", "hours", "to_owner", "body_id", "body_kind")


def _routing(path: Path, categories: Mapping[str, int]) -> Tally:
    """A rule that the file drops goes out of use and is never deleted: cases say which rule sent them."""
    places, bodies = dict(Place.objects.values_list("code", "id")), dict(Body.objects.values_list("code", "id"))
    follower = _settle(RoutingRule, CONDITIONS, [(row["code"], _rule(row, categories, places, bodies)) for row in rows_of(path)])
    follower.take_back("retire")
    return follower.tally


def _rule(row: Row, categories: Mapping[str, int], places: Mapping[str, int], bodies: Mapping[str, int]) -> dict[str, Any] | None:
    """None where the rule names a category, place or body that is not there: left blank it would hold for all."""
    named = {"category": categories, "place": places, "body": bodies}
    if any(row[name] and row[name] not in known for name, known in named.items()):
        return None
    fields = {name: row[name] for name in ("category_kind", "place_kind", "owner_kind", "hours", "body_kind", "version")}
    return {
        "priority": int(row["priority"]), "to_owner": row["to_owner"] == "1", "why": row["why_zh"], "why_en": row["why_en"],
        "is_active": True, **{f"{name}_id": known.get(row[name]) for name, known in named.items()}, **fields,
    }  # fmt: skip
