"""The town's rows from `seeds/`: body kinds, categories, questions, keywords, terms, routing, caps, wording.

Loading twice changes nothing; a row whose code exists is updated, so that a corrected seed reaches every instance. What a town
added by hand under another code stays.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

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
def load_seeds(*, folder: Path) -> dict[str, int]:
    """Load every catalogue file of a folder; the number of rows per file."""
    counts = {
        "body_kinds": _body_kinds(folder / "body_kinds.csv"),
        "categories": _categories(folder / "categories.csv"),
        "attributes": _attributes(folder / "attributes.csv"),
        "terms": _terms(folder / "terms.csv"),
        "caps": _caps(folder / "caps.csv"),
        "wording": _wording(folder / "wording.csv"),
        "routing": _routing(folder / "routing.csv"),
    }
    for name in ("catalogue", "bodies"):
        caches.touch(name)
    return counts


def _body_kinds(path: Path) -> int:
    rows = [BodyKind(code=row["code"], name=row["name_zh"], name_en=row["name_en"], level=row["level"]) for row in rows_of(path)]
    BodyKind.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=["name", "name_en", "level"])
    return len(rows)


def _categories(path: Path) -> int:
    known: dict[str, Category] = {row.code: row for row in Category.objects.all()}
    keywords: list[Keyword] = []
    number = 0
    for number, row in enumerate(rows_of(path), start=1):
        category = known.get(row["code"]) or Category(code=row["code"])
        category.parent = known.get(row["parent"])
        category.name, category.name_en = row["name_zh"], row["name_en"]
        category.kind, category.risk, category.icon = row["kind"], row["risk"], row["icon"]
        category.is_public, category.legal_route, category.position = row["is_public"] == "1", row["legal_route"], number
        category.save()
        known[category.code] = category
        keywords += [Keyword(category=category, word=word, weight=weight) for word, weight in _words(row["keywords"])]
    Keyword.objects.bulk_create(keywords, update_conflicts=True, unique_fields=["category", "word"], update_fields=["weight"])
    return number


def _words(text: str) -> Iterator[tuple[str, float]]:
    for part in filter(None, text.split("|")):
        word, _colon, weight = part.partition(":")
        yield word, float(weight or 1)


def _attributes(path: Path) -> int:
    categories = dict(Category.objects.values_list("code", "id"))
    rows = [
        Attribute(
            category_id=categories[row["category"]], code=row["code"], variable=row["variable"] == "1", datatype=row["datatype"],
            required=row["required"] == "1", position=int(row["position"]), question=row["question_zh"], question_en=row["question_en"],
            values=_values(row["values"]),
        )
        for row in rows_of(path)
    ]  # fmt: skip
    names = ["variable", "datatype", "required", "position", "question", "question_en", "values"]
    Attribute.objects.bulk_create(rows, update_conflicts=True, unique_fields=["category", "code"], update_fields=names)
    return len(rows)


def _values(text: str) -> list[dict[str, str]]:
    found = []
    for part in filter(None, text.split("|")):
        key, name, name_en = [*part.split(":"), "", ""][:3]
        found.append({"key": key, "name": name, "name_en": name_en})
    return found


def _terms(path: Path) -> int:
    categories = dict(Category.objects.values_list("code", "id"))
    wanted = list(rows_of(path))
    for row in wanted:
        category: Any = categories.get(row["category"])
        TermRule.objects.update_or_create(
            clock=row["clock"],
            category_id=category,
            risk=row["risk"],
            in_force_on=row["in_force_on"],
            defaults={
                "amount": int(row["amount"]),
                "unit": row["unit"],
                "source": row["source"],
                "is_confirmed": row["is_confirmed"] == "1",
            },
        )
    return len(wanted)


def _caps(path: Path) -> int:
    rows = [
        Cap(code=row["code"], name=row["name_zh"], value=int(row["value"]), source=row["source"], is_confirmed=row["is_confirmed"] == "1")
        for row in rows_of(path)
    ]
    Cap.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _wording(path: Path) -> int:
    rows = [
        Wording(
            code=row["code"], kind=row["kind"], title=row["title_zh"], title_en=row["title_en"], text=row["text_zh"], text_en=row["text_en"]
        )
        for row in rows_of(path)
    ]
    names = ["kind", "title", "title_en", "text", "text_en"]
    Wording.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=names)
    return len(rows)


def _routing(path: Path) -> int:
    """Seed rules are replaced as a whole (they carry a version); rules added by hand have another version and stay."""
    wanted = list(rows_of(path))
    versions = {row["version"] for row in wanted}
    RoutingRule.objects.filter(version__in=versions).delete()
    lookups = _lookups()
    RoutingRule.objects.bulk_create([_rule(row, *lookups) for row in wanted])
    return len(wanted)


def _lookups() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    return (
        dict(Category.objects.values_list("code", "id")),
        dict(Place.objects.values_list("code", "id")),
        dict(Body.objects.values_list("code", "id")),
    )


def _rule(row: Row, categories: dict[str, int], places: dict[str, int], bodies: dict[str, int]) -> RoutingRule:
    fields: dict[str, Any] = {name: row[name] for name in ("category_kind", "place_kind", "owner_kind", "hours", "body_kind", "version")}
    return RoutingRule(
        priority=int(row["priority"]),
        category_id=categories.get(row["category"]),
        place_id=places.get(row["place"]),
        body_id=bodies.get(row["body"]),
        to_owner=row["to_owner"] == "1",
        why=row["why_zh"],
        why_en=row["why_en"],
        **fields,
    )
