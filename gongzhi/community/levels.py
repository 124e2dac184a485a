"""Levels of the territory tree and of the escalation ladder (mission 1, 11; facts.md "Codes"). Pure."""

from __future__ import annotations

from typing import Final

DISTRICT: Final = "district"
STREET: Final = "street"
TOWN: Final = "town"
COMMUNITY: Final = "community"
VILLAGE: Final = "village"
PATROL: Final = "patrol"
GRID: Final = "grid"
GROUP: Final = "group"
MICRO: Final = "micro"

PARENTS: Final[dict[str, frozenset[str]]] = {
    DISTRICT: frozenset(),
    STREET: frozenset({DISTRICT}),
    TOWN: frozenset({DISTRICT}),
    COMMUNITY: frozenset({STREET, TOWN}),
    VILLAGE: frozenset({STREET, TOWN}),
    PATROL: frozenset({COMMUNITY, VILLAGE}),
    GRID: frozenset({COMMUNITY, VILLAGE, PATROL}),
    GROUP: frozenset({COMMUNITY, VILLAGE, PATROL}),
    MICRO: frozenset({GRID, GROUP}),
}
"""Which kinds may stand directly above a kind: a community has grids, a street never directly."""

RUNG: Final[dict[str, str]] = {
    DISTRICT: DISTRICT,
    STREET: STREET,
    TOWN: STREET,
    COMMUNITY: COMMUNITY,
    VILLAGE: COMMUNITY,
    GRID: GRID,
    GROUP: GRID,
    MICRO: GRID,
}
"""The rung of the ladder a kind belongs to. Patrol grids are for patrols and have none."""

LADDER: Final[tuple[str, ...]] = (GRID, COMMUNITY, STREET, DISTRICT)
"""Lowest level first; escalation climbs one rung at a time."""


ORDER: Final[tuple[str, ...]] = (DISTRICT, STREET, TOWN, COMMUNITY, VILLAGE, PATROL, GRID, GROUP, MICRO)
"""Kinds so that each stands after all that may be above it."""

DIGITS: Final[dict[str, int]] = {DISTRICT: 6, STREET: 9, TOWN: 9, COMMUNITY: 12, VILLAGE: 12, PATROL: 15, GRID: 15, GROUP: 15, MICRO: 17}
"""Characters of a code, by kind."""


def code_above(kind: str, code: str) -> str:
    """The code that the digits themselves name as the one above; "" for a district and for what is no code.

    >>> code_above("grid", "530302001001012"), code_above("micro", "53030200100101203"), code_above("district", "530302")
    ('530302001001', '530302001001012', '')
    """
    above = {STREET: 6, TOWN: 6, COMMUNITY: 9, VILLAGE: 9, PATROL: 12, GRID: 12, GROUP: 12, MICRO: 15}
    return code[: above[kind]] if kind in above and is_valid_code(kind, code) else ""


def rung_above(rung: str) -> str | None:
    """Return the next rung up, or None at the district.

    >>> rung_above("grid"), rung_above("district")
    ('community', None)
    """
    at = LADDER.index(rung)
    return LADDER[at + 1] if at + 1 < len(LADDER) else None


def is_valid_code(kind: str, code: str) -> bool:
    """Check a code against facts.md "Codes": 6, 9, 12 digits; grid 12+3; patrol 12+X+2; micro grid code+2.

    >>> is_valid_code("grid", "530302001001012"), is_valid_code("patrol", "530302001001X01"), is_valid_code("grid", "5303")
    (True, True, False)
    """
    if kind == PATROL:
        return len(code) == 15 and code[12] == "X" and (code[:12] + code[13:]).isdigit()
    return code.isascii() and code.isdigit() and len(code) == DIGITS[kind]
