"""A place as given by a page, a file or a program, before anything about it was checked. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class PlaceData:
    """A place as given: `polygon` is a GeoJSON geometry in WGS-84 or None."""

    kind: str
    code: str
    name: str
    parent_code: str = ""
    name_en: str = ""
    polygon: dict[str, Any] | None = None
    households: int | None = None
    community_type: str = ""
    in_force_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A row of a file: its number there, the place it says, and the sentence if it could not be read."""

    number: int
    data: PlaceData
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Draft:
        known = {one.name for one in fields(PlaceData)}
        return cls(value["number"], PlaceData(**{key: one for key, one in value["data"].items() if key in known}), value["problem"])
