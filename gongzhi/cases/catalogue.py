"""The town's rows held in process: categories, terms, routing rules, caps. As fresh as the request (kernel.caches)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from gongzhi.cases.models import Attribute, Cap, Category, Keyword, RoutingRule, TermRule
from gongzhi.kernel.caches import Cached


@dataclass(frozen=True, slots=True)
class Term:
    """One clock's promise: `amount` of `unit` (kernel.workdays units); `is_confirmed` False is said on the page."""

    clock: str
    amount: int
    unit: str
    in_force_on: dt.date
    is_confirmed: bool


class Catalogue:
    """Categories by id and code with their attributes, terms in force, rules in order, caps by code."""

    def __init__(self) -> None:
        rows = list(Category.objects.order_by("position", "code"))
        self.by_id = {row.pk: row for row in rows}
        self.by_code = {row.code: row for row in rows}
        self.children: dict[int | None, list[Category]] = {}
        for row in rows:
            self.children.setdefault(row.parent_id, []).append(row)
        self.attributes: dict[int, list[Attribute]] = {}
        for attribute in Attribute.objects.order_by("position"):
            self.attributes.setdefault(attribute.category_id, []).append(attribute)
        self.rules = list(RoutingRule.objects.filter(is_active=True).select_related("body").order_by("priority", "id"))
        self.keywords = list(Keyword.objects.values_list("category__code", "word", "weight"))
        self.caps = dict(Cap.objects.values_list("code", "value"))
        self._terms: dict[tuple[str, int | None, str], list[Term]] = {}
        for term in TermRule.objects.order_by("in_force_on"):
            key = (term.clock, term.category_id, term.risk)
            self._terms.setdefault(key, []).append(Term(term.clock, term.amount, term.unit, term.in_force_on, term.is_confirmed))

    def line(self, category_id: int | None) -> Iterator[Category]:
        """A category and its ancestors, lowest first."""
        while category_id is not None and (row := self.by_id.get(category_id)):
            yield row
            category_id = row.parent_id

    def label(self, category_id: int | None) -> str:
        row = self.by_id.get(category_id) if category_id is not None else None
        return row.label if row else ""

    def top(self, category_id: int | None) -> Category | None:
        return next(reversed(list(self.line(category_id))), None)

    def leaves(self) -> list[Category]:
        """Active categories that have no children: what can be reported."""
        return [row for row in self.by_id.values() if row.is_active and row.pk not in self.children]

    def ids_below(self, *codes: str) -> list[int]:
        """The categories of these codes and everything under them."""
        stack = [self.by_code[code].pk for code in codes if code in self.by_code]
        found: list[int] = []
        while stack:
            pk = stack.pop()
            found.append(pk)
            stack.extend(child.pk for child in self.children.get(pk, ()))
        return sorted(set(found))

    def attributes_of(self, category_id: int | None) -> list[Attribute]:
        """The questions of a category, those of its ancestors first."""
        line = reversed(list(self.line(category_id)))
        return [attribute for row in line for attribute in self.attributes.get(row.pk, ())]

    def term(self, clock: str, category_id: int | None, day: dt.date) -> Term | None:
        """The term in force on a day: of the category, else of an ancestor, else of its risk level, else of everything."""
        for row in self.line(category_id):
            if found := self._in_force((clock, row.pk, ""), day):
                return found
        category = self.by_id.get(category_id) if category_id is not None else None
        risk = category.risk if category else Category.Risk.ORDINARY
        return self._in_force((clock, None, risk), day) or self._in_force((clock, None, ""), day)

    def _in_force(self, key: tuple[str, int | None, str], day: dt.date) -> Term | None:
        return next((term for term in reversed(self._terms.get(key, ())) if term.in_force_on <= day), None)

    def rule(self, rule_id: int | None) -> RoutingRule | None:
        """A rule that is in use."""
        return next((one for one in self.rules if one.pk == rule_id), None) if rule_id else None

    def cap(self, code: str, default: int) -> int:
        return self.caps.get(code, default)


_cached = Cached("catalogue", Catalogue)


def catalogue() -> Catalogue:
    """The catalogue as of this request. Admin and seed loading call `kernel.caches.touch("catalogue")`."""
    return _cached.get()
