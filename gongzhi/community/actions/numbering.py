"""Codes for places whose file gives none: below the one above, and the same ones when the file comes again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.utils.translation import gettext as _

from gongzhi.community import levels
from gongzhi.community.models import Place
from gongzhi.community.place_data import Draft, PlaceData


def with_codes(rows: list[Draft]) -> list[Draft]:
    """A row without a code gets that of the child of its name, else the next free one; the others stay as they are."""
    blank = [row for row in rows if not row.data.code and not row.problem]
    if not blank:
        return rows
    above = {row.data.parent_code for row in blank}
    there = list(Place.objects.filter(parent__code__in=above).values_list("parent__code", "kind", "name", "code"))
    # Ended places keep their codes, and so do children that stand elsewhere below the same stem.
    taken = {row.data.code for row in rows} | set(_codes_below(above))
    by_name = {(parent, kind, name): code for parent, kind, name, code in there}
    return [_coded(row, by_name, taken) if not row.data.code and not row.problem else row for row in rows]


def _codes_below(above: Collection[str]) -> list[str]:
    found: list[str] = []
    for code in above:
        if code:
            found += Place.objects.filter(code__startswith=code[:12]).values_list("code", flat=True)
    return found


def _coded(row: Draft, by_name: dict[tuple[str, str, str], str], taken: set[str]) -> Draft:
    data = row.data
    code = by_name.pop((data.parent_code, data.kind, data.name), "") or _next(data, taken)
    taken.add(code)
    problem = "" if code else _("“%(name)s”没有代码，也没有写对上级，没法编号。") % {"name": data.name}
    return Draft(row.number, replace(data, code=code), problem)


def _next(data: PlaceData, taken: set[str]) -> str:
    """The lowest free code; "" when there is nothing to number below."""
    if not data.parent_code or data.kind not in levels.DIGITS or data.kind == levels.DISTRICT:
        return ""
    stem = data.parent_code
    if data.kind == levels.PATROL:
        stem += "X"
    elif data.kind != levels.MICRO:
        stem = stem[:12]  # a grid below a patrol grid is numbered within its community
    width = levels.DIGITS[data.kind] - len(stem)
    if not 2 <= width <= 3:
        return ""
    return next((code for number in range(1, 10**width) if (code := f"{stem}{number:0{width}d}") not in taken), "")
