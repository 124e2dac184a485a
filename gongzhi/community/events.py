"""What happened to places, bodies and posts, said after commit: ids only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlacesChanged:
    count: int


@dataclass(frozen=True, slots=True)
class PostChanged:
    post_id: int
