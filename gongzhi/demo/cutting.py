"""Cutting a piece of land in parts that share every vertex of their borders: no gap, no overlap, to the last digit.

A cut joins two vertices of the ring by a slightly winding path, as roads run. Both sides take the same path, and later cuts
begin at vertices that neighbours have too. So the parts of any level cover the whole exactly, without a polygon overlay.
Lengths in metres on a local plane; a ring is an (n, 2) array, counter-clockwise, not closed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

Ring = NDArray[np.float64]
K = TypeVar("K")

CANDIDATES = 72
"""Vertices of a ring that are tried as ends of a cut: 72 x 71 / 2 pairs are weighed at once."""
TRIED = 400
"""Best pairs tried before the shape is given up."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that needs land: its share by `area` (any unit) and the size of the smallest piece it will be cut into, in m2."""

    key: Any
    area: float
    leaf: float


@dataclass(frozen=True, slots=True)
class _Pairs:
    """All pairs of candidate vertices (first < second) with the part that runs from first to second: shape and place."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    share: NDArray[np.float64]
    shape: NDArray[np.float64]
    offset: NDArray[np.float64]


def area_of(ring: Ring) -> float:
    """Area in m2, positive for counter-clockwise."""
    after = np.roll(ring, -1, axis=0)
    return float(np.sum(ring[:, 0] * after[:, 1] - after[:, 0] * ring[:, 1]) / 2)


def centre_of(ring: Ring) -> NDArray[np.float64]:
    """Centroid."""
    after = np.roll(ring, -1, axis=0)
    cross = ring[:, 0] * after[:, 1] - after[:, 0] * ring[:, 1]
    centre: NDArray[np.float64] = ((ring + after) * cross[:, None]).sum(axis=0) / (3 * cross.sum())
    return centre


def divide(ring: Ring, parts: Sequence[Part], rng: Callable[[str], Random], toward: Ring | None = None) -> dict[Any, Ring]:
    """Give every part its share. The first parts lie nearer to the point `toward`. `rng` gives a generator by name."""
    if len(parts) == 1:
        return {parts[0].key: ring}
    half = _half(parts)
    left, right = parts[:half], parts[half:]
    share = sum(part.area for part in left) / sum(part.area for part in parts)
    bearing = None if toward is None else toward - centre_of(ring)
    step = step_for(min(part.leaf for part in parts))
    first, second = cut(ring, share, step, rng(f"{parts[0].key}-{parts[-1].key}"), bearing)
    return divide(first, left, rng, toward) | divide(second, right, rng, toward)


def _half(parts: Sequence[Part]) -> int:
    """Where to split the list so that both sides need about the same land."""
    total, seen, best = sum(part.area for part in parts), 0.0, (math.inf, 1)
    for number, part in enumerate(parts[:-1], start=1):
        seen += part.area
        best = min(best, (abs(seen - total / 2), number))
    return best[1]


def step_for(leaf: float) -> float:
    """Distance of vertices along a border between pieces of `leaf` m2."""
    return min(max(0.11 * math.sqrt(leaf), 10.0), 220.0)


def cut(ring: Ring, share: float, step: float, rng: Random, bearing: Ring | None = None) -> tuple[Ring, Ring]:
    """Two rings; the first has about `share` of the area and, with a `bearing`, lies on that side."""
    pairs = _pairs(ring)
    order, flipped = _rank(pairs, share, bearing)
    polygon = shapely.Polygon(ring)
    shapely.prepare(polygon)
    for position in order[:TRIED]:
        i, j = int(pairs.first[position]), int(pairs.second[position])
        path = _path(polygon, ring[j], ring[i], step, rng)
        if path is None:
            continue
        one = np.concatenate([ring[i : j + 1], path])
        two = np.concatenate([ring[j:], ring[: i + 1], path[::-1]])
        return (two, one) if flipped[position] else (one, two)
    raise ValueError("this shape cannot be cut")


def _pairs(ring: Ring) -> _Pairs:
    n = len(ring)
    chosen = np.unique(np.linspace(0, n - 1, min(n, CANDIDATES)).astype(np.int64))
    first, second = (chosen[side] for side in np.triu_indices(len(chosen), 2))
    after = np.roll(ring, -1, axis=0)
    cross = ring[:, 0] * after[:, 1] - after[:, 0] * ring[:, 1]
    length = np.hypot(*(after - ring).T)
    sums = np.concatenate([[0.0], np.cumsum(cross)])
    lengths = np.concatenate([[0.0], np.cumsum(length)])
    moments = np.concatenate([np.zeros((1, 2)), np.cumsum((ring + after) * cross[:, None], axis=0)])
    start, end = ring[first], ring[second]
    back = end[:, 0] * start[:, 1] - start[:, 0] * end[:, 1]
    chord = np.hypot(*(end - start).T)
    one = (sums[second] - sums[first] + back) / 2
    whole = sums[-1] / 2
    moment = moments[second] - moments[first] + (start + end) * back[:, None]
    along = lengths[second] - lengths[first]
    with np.errstate(divide="ignore", invalid="ignore"):
        roundness = np.maximum((along + chord) ** 2 / one, (lengths[-1] - along + chord) ** 2 / (whole - one)) / 16
        offset = moment / (6 * one[:, None]) - (moments[-1] - moment) / (6 * (whole - one)[:, None])
    steepness = _steepness(ring, first, second, end - start, chord)
    shape = roundness + 3 * np.clip(0.5 - steepness, 0, None) + 0.5 * chord**2 / whole
    bad = (one <= 0) | (one >= whole) | ~np.isfinite(shape)
    return _Pairs(first, second, one / whole, np.where(bad, np.inf, shape), offset)


def _steepness(ring: Ring, first: Any, second: Any, chord: Ring, length: NDArray[np.float64]) -> NDArray[np.float64]:
    """The smallest sine between the chord and the border at its ends: flat cuts make slivers."""
    unit = chord / length[:, None]
    edges = np.roll(ring, -1, axis=0) - ring
    edges = edges / np.hypot(*edges.T)[:, None]
    around = [edges[number] for ends in (first, second) for number in (ends, ends - 1)]
    sines = [np.abs(unit[:, 0] * edge[:, 1] - unit[:, 1] * edge[:, 0]) for edge in around]
    smallest: NDArray[np.float64] = np.minimum.reduce(sines)
    return smallest


def _rank(pairs: _Pairs, share: float, bearing: Ring | None) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Positions of pairs from the best, and whether the first part is the one behind the chord."""
    small = min(share, 1 - share)
    costs = []
    for actual, sign in ((pairs.share, 1.0), (1 - pairs.share, -1.0)):
        cost = pairs.shape + 30 * ((actual - share) / small) ** 2
        if bearing is not None:
            lengths = np.hypot(*pairs.offset.T) * max(float(np.hypot(*bearing)), 1e-9)
            cost = cost + 1.5 * (1 - sign * (pairs.offset @ bearing) / lengths)
        costs.append(cost)
    return np.argsort(np.minimum(*costs), kind="stable"), costs[1] < costs[0]


def _path(polygon: shapely.Polygon, start: Ring, end: Ring, step: float, rng: Random) -> Ring | None:
    """The inner vertices of a winding path from start to end inside the polygon, or None when there is no straight way."""
    along = end - start
    length = float(np.hypot(*along))
    if not shapely.contains_properly(polygon, shapely.LineString([start + along * 0.04, end - along * 0.04])):
        return None
    count = max(3, round(length / step))
    at = np.arange(1, count) / count
    waves = [rng.uniform(-1, 1) / wave for wave in range(1, 6)]
    bend = np.sum([size * np.sin(wave * math.pi * at) for wave, size in enumerate(waves, start=1)], axis=0)
    aside = np.array([-along[1], along[0]])
    for amplitude in (0.07, 0.03, 0.01, 0.0):
        path: Ring = start + along * at[:, None] + aside * (bend * amplitude)[:, None]
        line = np.concatenate([[start], path, [end]])
        ends_in = shapely.contains_properly(polygon, shapely.LineString(path))
        if ends_in and shapely.covers(polygon, shapely.LineString(line)):
            return path
    return None
