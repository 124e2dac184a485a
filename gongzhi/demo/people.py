"""Bodies of the roster and invented people in their posts: no grid without a named person (mission 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongzhi.demo import names
from gongzhi.demo.compounds import Cell
from gongzhi.demo.specs import BodySpec, CompoundSpec, PersonSpec, PlaceSpec, PostSpec

CAST_PHONE = 19_900_000_000
STAFFED = {"property_company": "steward"}
"""Roles of bodies that are not in the roster."""


def roster(places: Iterable[PlaceSpec]) -> Iterator[BodySpec]:
    """The bodies of `seeds/bodies.csv` for every place of their kind, superiors first."""
    for place in places:
        for number, row in enumerate(row for row in names.rows("bodies") if row["place_kind"] == place.kind):
            short, short_en = place.name.removesuffix("街道"), place.name_en.removesuffix(" Subdistrict")
            zh = row["name_zh"].format(place=place.name, short=short)
            en = row["name_en"].format(place=place.name_en, short_en=short_en)
            parent = f"{place.code}-{row['parent']}" if row["parent"] else ""
            phone = f"0874-000{int(place.code[-2:]) % 100:02d}{number:02d}"
            yield BodySpec(row["kind"], f"{place.code}-{row['suffix']}", zh, en, place.code, parent, phone)


def firms(district: str) -> Iterator[BodySpec]:
    """Head offices of the property firms."""
    zh, _en = names.pattern("firm-head")
    for number, firm in enumerate(names.words("firm"), start=1):
        name_en = f"Property Firm {number}"
        yield BodySpec("property_firm", f"PF-{number:02d}", zh.format(firm=firm), name_en, district)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the cast lives and works: one grid with a managed compound, its community and street, one village of the town."""

    grid: str
    compound: CompoundSpec
    group: str
    village: str
    town: str

    @property
    def community(self) -> str:
        return self.grid[:12]

    @property
    def street(self) -> str:
        return self.grid[:9]

    @property
    def district(self) -> str:
        return self.grid[:6]


def stage(cells: list[Cell], street: str, town: str) -> Stage:
    """The first grid of the street with a managed compound that has owners' committee or any; the town's first group."""
    managed = [cell for cell in cells if cell.place.code[:9] == street and any(one.manager_code for one in cell.compounds)]
    home = next((cell for cell in managed if any(body.kind == "owners_committee" for body in cell.bodies)), managed[0])
    compound = next(one for one in home.compounds if one.manager_code)
    group = next(cell.place.code for cell in cells if cell.is_village and cell.place.code[:9] == town)
    return Stage(home.place.code, compound, group, group[:12], town)


def cast(scene: Stage) -> Iterator[PersonSpec]:
    """The sign-ins of `seeds/demo_cast.csv`, in posts on the stage."""
    for number, row in enumerate(names.rows("demo_cast"), start=1):
        posts = (_post(row, scene),) if row["role"] else ()
        home = scene.group if row["home"] == "village" else scene.grid
        yield PersonSpec(
            row["username"], row["name"], str(CAST_PHONE + number), posts, row["title_zh"], row["title_en"],
            home, cast=True, elder_mode=row["elder_mode"] == "1", is_staff=row["role"] == "operator",
        )  # fmt: skip


def _post(row: dict[str, str], scene: Stage) -> PostSpec:
    where, _, suffix = row["body"].partition(":")
    area = {
        "district": scene.district, "street": scene.street, "town": scene.town, "community": scene.community,
        "village": scene.village, "grid": scene.grid, "group": scene.group,
    }  # fmt: skip
    committee = {"community": "RC", "village": "VC"}
    body = scene.compound.manager_code if where == "compound" else f"{area[where]}-{suffix or committee[where]}"
    return PostSpec(row["role"], body, area[row["place"]])


def staff(bodies: Iterable[BodySpec], cells: Iterable[Cell], taken: Iterable[PersonSpec]) -> Iterator[PersonSpec]:
    """One person for every post that the cast does not hold: the roster's, stewards, grid workers."""
    held = {post for person in taken for post in person.posts}
    for post in _posts(bodies, cells):
        if post not in held:
            key = f"{post.role}-{post.body_code if post.role != 'grid_worker' else post.place_code}"
            yield PersonSpec(key.lower(), names.person(key), names.phone(key), (post,), home_grid="")


def _posts(bodies: Iterable[BodySpec], cells: Iterable[Cell]) -> Iterator[PostSpec]:
    roles = {(row["kind"], row["suffix"]): row["staff"].split() for row in names.rows("bodies")}
    for body in bodies:
        suffix = body.code.rpartition("-")[2]
        for role in roles.get((body.kind, suffix), [STAFFED[body.kind]] if body.kind in STAFFED else []):
            yield PostSpec(role, body.code, body.place_code)
    for cell in cells:
        yield PostSpec("grid_worker", f"{cell.community.code}-{'VC' if cell.is_village else 'RC'}", cell.place.code)
