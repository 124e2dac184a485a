"""What the generator hands over: plain frozen rows. `build.py` turns them into rows of the database by the real actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Scale = Literal["small", "district"]
Point = tuple[float, float]
"""Longitude, latitude in degrees, WGS-84."""


@dataclass(frozen=True, slots=True)
class PlaceSpec:
    """A place of the tree. `kind` is one of `community.levels`; `polygon` a GeoJSON geometry; `centre` marks the centre's 8 streets."""

    kind: str
    code: str
    name: str
    name_en: str
    parent_code: str
    polygon: dict[str, Any]
    households: int
    community_type: str = ""
    centre: bool = False


@dataclass(frozen=True, slots=True)
class CompoundSpec:
    """A compound 小区. `manager_code` is the body that manages it, empty where nobody does."""

    code: str
    tag: str
    name: str
    address: str
    point: Point
    grid_code: str
    manager_code: str = ""


@dataclass(frozen=True, slots=True)
class BuildingSpec:
    """A building, or a run of houses with one address; households are a count."""

    address: str
    point: Point
    households: int
    grid_code: str
    compound_code: str = ""


@dataclass(frozen=True, slots=True)
class FacilitySpec:
    """A thing people share, 部件. `owner_kind` is the kind of `owner_code`'s body; `category_code` what usually breaks."""

    kind: str
    code: str
    tag: str
    name: str
    point: Point
    owner_kind: str
    owner_code: str
    grid_code: str
    category_code: str
    compound_code: str = ""


@dataclass(frozen=True, slots=True)
class BodySpec:
    """An organisation with its area and its superior (empty: none)."""

    kind: str
    code: str
    name: str
    name_en: str
    place_code: str
    parent_code: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PostSpec:
    """A role in a body for a place."""

    role: str
    body_code: str
    place_code: str


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """An invented person. `cast` ones are the sign-ins shown to visitors, with what they are called and where they live."""

    username: str
    name: str
    phone: str
    posts: tuple[PostSpec, ...] = ()
    title: str = ""
    title_en: str = ""
    home_grid: str = ""
    cast: bool = False
    elder_mode: bool = False
    is_staff: bool = False


@dataclass(frozen=True, slots=True)
class District:
    """All of it, parents before children."""

    places: tuple[PlaceSpec, ...]
    compounds: tuple[CompoundSpec, ...]
    buildings: tuple[BuildingSpec, ...]
    facilities: tuple[FacilitySpec, ...]
    bodies: tuple[BodySpec, ...]
    people: tuple[PersonSpec, ...]
    home_grid: str = field(default="")

    def of_kind(self, *kinds: str) -> list[PlaceSpec]:
        """The places of some kinds, in order."""
        return [place for place in self.places if place.kind in kinds]

    @property
    def cast(self) -> list[PersonSpec]:
        """The sign-ins for every role."""
        return [person for person in self.people if person.cast]
