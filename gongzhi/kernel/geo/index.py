"""Point to polygon in process: which grid is this point in?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gongzhi.kernel.geo.polygons import to_shape

K = TypeVar("K")


class PolygonIndex(Generic[K]):
    """Keys by polygon. Where polygons overlap the smallest wins; a boundary belongs to both sides, so the smaller."""

    def __init__(self, items: Iterable[tuple[K, str | dict[str, Any] | BaseGeometry]]) -> None:
        shapes = [(key, to_shape(shape)) for key, shape in items]
        shapes = [(key, shape) for key, shape in shapes if not shape.is_empty]
        # Sorted by area once, so that the lowest position among the hits is the answer.
        shapes.sort(key=lambda pair: pair[1].area)
        self._keys: list[K] = [key for key, _ in shapes]
        self._shapes = np.array([shape for _, shape in shapes], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, lng: float, lat: float) -> K | None:
        """The key of the smallest polygon that holds the point, or None."""
        return self.find_many([(lng, lat)])[0]

    def find_all(self, lng: float, lat: float) -> list[K]:
        """Every key whose polygon holds the point, the smallest first."""
        near = np.sort(self._tree.query(shapely.Point(lng, lat)))
        inside = near[shapely.intersects_xy(self._shapes[near], lng, lat)] if len(near) else near
        return [self._keys[position] for position in inside]

    def find_many(self, points: Sequence[tuple[float, float]]) -> list[K | None]:
        """As ``find`` for many points at once: 100,000 points against 5,000 grids take a fraction of a second."""
        answers: list[K | None] = [None] * len(points)
        if not points or not self._keys:
            return answers
        xy = np.asarray(points, dtype=float)
        which, near = self._tree.query(shapely.points(xy))
        inside = shapely.intersects_xy(self._shapes[near], xy[which, 0], xy[which, 1])
        best = np.full(len(points), len(self._keys))
        np.minimum.at(best, which[inside], near[inside])
        for number in np.flatnonzero(best < len(self._keys)):
            answers[number] = self._keys[best[number]]
        return answers
