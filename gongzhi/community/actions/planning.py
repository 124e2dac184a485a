"""What saving these places would do, said before anything is written: created, changed, as it is, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _

from gongzhi.community import levels
from gongzhi.community.actions.numbering import with_codes
from gongzhi.community.models import Place
from gongzhi.community.place_data import Draft, PlaceData
from gongzhi.kernel import geo
from gongzhi.kernel.errors import DomainError

Verb = Literal["create", "change", "same"]
Box = tuple[float, float, float, float]
KEPT = ("kind", "name", "name_en", "parent_id", "path", "polygon", "households", "community_type", "in_force_on")
"""What makes a place another one; the box goes with the polygon."""
LONGEST_NAME, LONGEST_ENGLISH, MOST_HOUSEHOLDS = 80, 120, 10_000_000


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that may come in: the place as it will be, and the path it had."""

    number: int
    verb: Verb
    place: Place
    old_path: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that may not: which, and why."""

    number: int
    code: str
    name: str
    sentence: str
    field: str | None = None


@dataclass
class Plan:
    """All rows, each either planned (parents first) or refused."""

    planned: list[Planned] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def of(self, verb: Verb) -> list[Planned]:
        return [one for one in self.planned if one.verb == verb]

    @property
    def written(self) -> list[Planned]:
        return [one for one in self.planned if one.verb != "same"]


def plan_places(drafts: Iterable[Draft], *, keep: bool = True) -> Plan:
    """Rows may stand in any order. `keep`: what a row leaves blank stays as it is; otherwise it becomes blank."""
    rows = with_codes(list(drafts))
    codes = {row.data.code for row in rows} | {_parent_code(row.data) for row in rows}
    known = {place.code: place for place in Place.objects.filter(code__in=codes).select_related("parent")}
    plan, first = Plan(), dict[str, int]()
    for row in sorted(rows, key=lambda one: (_depth(one.data.kind), one.number)):
        try:
            _check_readable(row, first)
            planned = _planned(row, known, keep)
        except DomainError as refused:
            plan.refused.append(Refused(row.number, row.data.code, row.data.name, refused.message, refused.field))
        else:
            known[planned.place.code] = planned.place
            plan.planned.append(planned)
    plan.refused.sort(key=lambda one: one.number)
    return plan


def _depth(kind: str) -> int:
    return levels.ORDER.index(kind) if kind in levels.ORDER else len(levels.ORDER)


def _parent_code(data: PlaceData) -> str:
    """As given, else as the digits of the code say."""
    return data.parent_code or levels.code_above(data.kind, data.code)


def _check_readable(row: Draft, first: dict[str, int]) -> None:
    if row.problem:
        raise DomainError(row.problem)
    code = row.data.code
    if code in first:
        raise DomainError(_("%(code)s：代码和第 %(n)d 行重复了，请只留一行。") % {"code": code, "n": first[code]}, field="code")
    first[code] = row.number


def _planned(row: Draft, known: dict[str, Place], keep: bool) -> Planned:
    data = row.data
    _check_words(data)
    place = known.get(data.code) or Place(code=data.code)
    if place.ended_on is not None:
        raise DomainError(_("%(code)s：这个区域已经停用。要再用，请先在设置里重新启用。") % {"code": data.code}, field="code")
    parent = _parent(data, place, known, keep)
    polygon = _polygon(data)  # everything is checked before the place is touched: others may stand below it
    before = {name: getattr(place, name) for name in KEPT}
    _fill(place, data, parent, keep)
    if polygon is not None:
        place.polygon, (place.min_lng, place.min_lat, place.max_lng, place.max_lat) = polygon
    elif not keep:
        place.polygon, place.min_lng, place.min_lat, place.max_lng, place.max_lat = "", None, None, None, None
    if place._state.adding:
        return Planned(row.number, "create", place)
    verb: Verb = "same" if before == {name: getattr(place, name) for name in KEPT} else "change"
    return Planned(row.number, verb, place, before["path"])


def _check_words(data: PlaceData) -> None:
    if data.kind not in levels.PARENTS:
        raise DomainError(_("%(code)s：没有“%(kind)s”这一级。") % {"code": data.code, "kind": data.kind}, field="kind")
    if not levels.is_valid_code(data.kind, data.code):
        text = _("%(code)s：代码位数不对。区县6位、街道9位、社区12位、网格15位、微网格17位；巡查网格是12位加 X01 到 X99。")
        raise DomainError(text % {"code": data.code}, field="code")
    if not data.name.strip():
        raise DomainError(_("%(code)s：没有名称。") % {"code": data.code}, field="name")
    if len(data.name) > LONGEST_NAME or len(data.name_en) > LONGEST_ENGLISH:
        raise DomainError(_("%(code)s：名称太长了，最多 %(limit)d 个字。") % {"code": data.code, "limit": LONGEST_NAME}, field="name")
    if data.households is not None and not 0 <= data.households <= MOST_HOUSEHOLDS:
        raise DomainError(_("%(code)s：户数不对，请填 0 或更大的整数。") % {"code": data.code}, field="households")
    if data.community_type and data.community_type not in Place.CommunityType.values:
        text = _("%(code)s：没有“%(kind)s”这种社区类型。")
        raise DomainError(text % {"code": data.code, "kind": data.community_type}, field="community_type")


def _parent(data: PlaceData, place: Place, known: dict[str, Place], keep: bool) -> Place | None:
    """The one above, in force and of a level that may stand there; None for a district."""
    allowed = levels.PARENTS[data.kind]
    if not allowed:
        if data.parent_code:
            raise DomainError(_("%(code)s：区县上面不再有上级，请去掉上级代码。") % {"code": data.code}, field="parent")
        return None
    code = _parent_code(data)
    # A file that does not name the one above leaves a place where it stands: a grid may be kept below a patrol grid.
    stays = place.parent if keep and not data.parent_code else None
    parent = known.get(stays.code, stays) if stays is not None else known.get(code)
    if parent is None:
        text = _("%(code)s：找不到上级 %(parent)s。请先导入上级，或者把上级放进同一个文件。")
        raise DomainError(text % {"code": data.code, "parent": code or _("（没有写）")}, field="parent")
    if parent.kind not in allowed:
        words = {"code": data.code, "kind": Place.Kind(data.kind).label, "above": Place.Kind(parent.kind).label, "name": parent.name}
        raise DomainError(_("%(code)s：%(kind)s不能直接放在%(above)s“%(name)s”下面。") % words, field="parent")
    if parent.ended_on is not None:
        raise DomainError(_("%(code)s：上级“%(name)s”已经停用。") % {"code": data.code, "name": parent.name}, field="parent")
    return parent


def _fill(place: Place, data: PlaceData, parent: Place | None, keep: bool) -> None:
    def chosen(given: Any, held: Any) -> Any:
        return held if keep and given in (None, "") else given

    place.kind, place.name, place.parent = data.kind, data.name.strip(), parent
    place.name_en = chosen(data.name_en.strip(), place.name_en)
    place.households = chosen(data.households, place.households)
    place.community_type = chosen(data.community_type, place.community_type)
    place.in_force_on = chosen(data.in_force_on, place.in_force_on)
    place.path = place.path_below(parent)


def _polygon(data: PlaceData) -> tuple[str, Box] | None:
    if data.polygon is None:
        return None
    try:
        text, box = geo.clean_polygon(data.polygon)
        _check_axis(box)
    except DomainError as refused:
        raise DomainError(_("%(code)s：%(why)s") % {"code": data.code, "why": refused.message}, field="polygon") from None
    return text, box


def _check_axis(box: Box) -> None:
    """A latitude of 90 is not passed by the west of China: there a swapped pair is told by where it would lie."""
    lng, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if not geo.in_china(lng, lat) and geo.in_china(lat, lng):
        raise DomainError(_("经度和纬度好像写反了，GeoJSON 要先写经度，再写纬度。"))
