"""From a written address to the building, compound, grid or community it names: "阳光里新居3栋楼下", "麒麟路12号门口", "上坡村村口".

The town's own buildings and compounds are the dictionary; nothing is asked of a map service. Several answers that lie in one grid or
one community are that grid or community; several that do not are no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from gongzhi.community.levels import COMMUNITY, GRID
from gongzhi.community.models import Building, Compound
from gongzhi.community.territory import Node, territory
from gongzhi.kernel.caches import Cached

BLOCK = re.compile(r"(\d+)(?:栋|幢|号楼|座)")
CHINESE_BLOCK = re.compile(r"([一二三四五六七八九十]{1,3})(?=栋|幢|号楼|座|组)")
DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九")}
NOISE = re.compile(r"[\s,.;:!?'\"()\[\]<>，。；：！？、（）《》·]+")
SHORTEST = 3
"""Characters a part must have to mean anything on its own: "1栋" and "门口" name nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where an address is: the place, and the point where one building or compound is meant."""

    place_id: int
    lng: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One building or compound of the dictionary; `block` is a building's number in its compound."""

    place_id: int
    lng: float
    lat: float
    compound_id: int | None
    block: str
    parts: tuple[str, ...]


class Gazetteer:
    """Entries by the parts of their addresses: street number, compound, village group."""

    def __init__(self, entries: Iterable[Entry], areas: Iterable[tuple[str, int]] = ()) -> None:
        self.entries = list(entries)
        self.by_part: dict[str, set[int]] = {}
        for number, entry in enumerate(self.entries):
            for part in entry.parts:
                self.by_part.setdefault(part, set()).add(number)
        names: dict[str, set[int]] = {}
        for name, place_id in areas:
            names.setdefault(name, set()).add(place_id)
        self.areas = {name: next(iter(ids)) for name, ids in names.items() if len(ids) == 1}
        self.by_head: dict[str, list[str]] = {}
        for part in sorted({*self.by_part, *self.areas}, key=lambda one: (-len(one), one)):
            self.by_head.setdefault(part[:2], []).append(part)

    def find(self, text: str, near: Node | None = None) -> Found | None:
        """What the words name; `near` decides between namesakes. None: nothing, or too much."""
        said = normal(text)
        named = self._parts_in(said)
        chosen = self._chosen([part for part in named if part in self.by_part])
        block = BLOCK.search(said)
        exact = {number for number in chosen if block and self.entries[number].block == block[1]}
        rows = [self.entries[number] for number in sorted(exact or chosen)]
        if near and len({row.place_id for row in rows}) > 1:
            rows = [row for row in rows if _lies_in(row.place_id, near)] or rows
        area = next((self.areas[part] for part in named if part in self.areas), None)
        return _one_of(rows) or (Found(area) if area is not None else None)

    def _parts_in(self, said: str) -> list[str]:
        """Known parts in the words, longest first, each character counted once."""
        hits = [(part, at) for at in range(len(said)) for part in self.by_head.get(said[at : at + 2], ()) if said.startswith(part, at)]
        taken: set[int] = set()
        found = []
        for part, at in sorted(hits, key=lambda hit: (-len(hit[0]), hit[1])):
            span = range(at, at + len(part))
            if taken.isdisjoint(span):
                taken.update(span)
                found.append(part)
        return found

    def _chosen(self, parts: list[str]) -> set[int]:
        """Entries that have all parts, the longest parts first; one that contradicts them is left out."""
        chosen: set[int] = set()
        for part in parts:
            chosen = (chosen & self.by_part[part]) or chosen or self.by_part[part]
        return chosen


def normal(text: str) -> str:
    """Half-width, without spaces and signs, numbers of buildings and groups in digits."""
    plain = NOISE.sub("", unicodedata.normalize("NFKC", text)[:400])
    return CHINESE_BLOCK.sub(lambda found: str(_number(found[1])), plain)


def _number(words: str) -> int:
    tens, has_ten, ones = words.partition("十")
    if not has_ten:
        return DIGITS.get(words[-1], 0)
    return (DIGITS.get(tens, 0) if tens else 1) * 10 + DIGITS.get(ones, 0)


def _lies_in(place_id: int, area: Node) -> bool:
    return territory().nodes[place_id].path.startswith(area.path)


def _one_of(rows: list[Entry]) -> Found | None:
    if not rows:
        return None
    first, places = rows[0], {row.place_id for row in rows}
    if len(rows) == 1:
        return Found(first.place_id, first.lng, first.lat)
    if len(places) == 1:
        whole = next((row for row in rows if not row.block and row.compound_id), None)
        same = whole is not None and all(row.compound_id == whole.compound_id for row in rows)
        return Found(first.place_id, whole.lng, whole.lat) if whole and same else Found(first.place_id)
    for rung in (GRID, COMMUNITY):
        shared = {territory().nodes[place_id].keys.get(rung) for place_id in places}
        if len(shared) == 1 and (place_id := shared.pop()) is not None:
            return Found(place_id)
    return None


def _load() -> Gazetteer:
    entries = []
    for address, compound_id, place_id, lng, lat in Building.objects.values_list("address", "compound_id", "place_id", "lng", "lat"):
        parts = [normal(part) for part in address.split()]
        blocks = [found[1] for part in parts if (found := BLOCK.fullmatch(part))]
        entries.append(Entry(place_id, lng, lat, compound_id, blocks[0] if blocks else "", _telling([*parts, normal(address)])))
    for pk, name, address, place_id, lng, lat in Compound.objects.values_list("pk", "name", "address", "place_id", "lng", "lat"):
        entries.append(Entry(place_id, lng, lat, pk, "", _telling([normal(name), *(normal(part) for part in address.split())])))
    areas = [(normal(node.name), node.id) for node in territory().nodes.values() if node.rung == COMMUNITY]
    return Gazetteer(entries, areas)


def _telling(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in parts if len(part) >= SHORTEST and not BLOCK.fullmatch(part) and not part[0].isdigit()))


_cached = Cached("gazetteer", _load)


def gazetteer() -> Gazetteer:
    """The town's own addresses as of this request. Whoever writes buildings or compounds calls `kernel.caches.touch("gazetteer")`."""
    return _cached.get()
