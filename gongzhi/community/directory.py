"""Bodies held in process: names and kinds by id, as fresh as the request (kernel.caches)."""

from __future__ import annotations

from gongzhi.community.models import Body
from gongzhi.kernel.caches import Cached

ByKind = dict[str, dict[int, int]]


def _load() -> tuple[dict[int, Body], ByKind]:
    rows = {row.pk: row for row in Body.objects.select_related("kind").order_by("-id")}
    by_kind: ByKind = {}
    for row in rows.values():
        if row.is_active:
            by_kind.setdefault(row.kind_id, {})[row.place_id] = row.pk
    return rows, by_kind


_cached = Cached("bodies", _load)


def bodies() -> dict[int, Body]:
    """All bodies by id, those no longer active too (old facts name them)."""
    return _cached.get()[0]


def bodies_by_kind() -> ByKind:
    """Active bodies: kind -> place id -> body id (the oldest where a place has two of a kind)."""
    return _cached.get()[1]


def body_label(body_id: int | None) -> str:
    """The body's name in the reader's language, or nothing."""
    row = bodies().get(body_id) if body_id is not None else None
    return row.label if row else ""


def bodies_for(place_ids: frozenset[int]) -> list[Body]:
    """Active bodies whose area is one of the places, lowest code first: whom a dispatcher may choose."""
    return sorted((row for row in bodies().values() if row.is_active and row.place_id in place_ids), key=lambda row: row.code)
