"""The whole demonstration district as plain rows: places, bodies, people, compounds, buildings, facilities. No database.

`district("small")` is one street and one town of `district("district")`, equal row by row.
"""

from __future__ import annotations

from functools import lru_cache

from gongzhi.demo import geometry, names, people
from gongzhi.demo.compounds import Cell, cells
from gongzhi.demo.specs import BodySpec, District, PlaceSpec, Scale

SMALL_STREET, SMALL_TOWN = "530302001", "530302102"
"""南宁街道 and 越州镇: what the demonstration shows by default, and where its cast lives at any scale."""
POPULATION = 996_300
"""Residents of the real district (the published account); no person of the demonstration is one of them."""


@lru_cache(maxsize=2)
def district(scale: Scale = "small") -> District:
    """Generate the district; the same rows every time."""
    land = list(geometry.places(_streets(scale)))
    filled = list(cells(land))
    places = tuple(place for place, _ring in land)
    bodies = _bodies(places, filled)
    scene = people.stage(filled, SMALL_STREET, SMALL_TOWN)
    cast = tuple(people.cast(scene))
    return District(
        places=places,
        compounds=tuple(one for cell in filled for one in cell.compounds),
        buildings=tuple(one for cell in filled for one in cell.buildings),
        facilities=tuple(one for cell in filled for one in cell.facilities),
        bodies=bodies,
        people=(*cast, *people.staff(bodies, filled, cast)),
        home_grid=scene.grid,
    )


def _streets(scale: Scale) -> frozenset[str]:
    if scale == "small":
        return frozenset({SMALL_STREET, SMALL_TOWN})
    return frozenset(row["code"] for row in names.rows("places_qilin") if row["kind"] in ("street", "town"))


def _bodies(places: tuple[PlaceSpec, ...], filled: list[Cell]) -> tuple[BodySpec, ...]:
    firms = people.firms(places[0].code)
    return (*people.roster(places), *firms, *(body for cell in filled for body in cell.bodies))
