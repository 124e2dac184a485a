"""Files of places, read into drafts: GeoJSON boundaries (WGS-84, GCJ-02 or BD-09) and sheets of division codes.

Nothing here asks the database. A row that cannot be read is a draft with its sentence; a file that is none raises DomainError.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final, NoReturn

from django.utils.translation import gettext as _

from gongzhi.community import levels
from gongzhi.community.place_data import Draft, PlaceData
from gongzhi.kernel import geo, sheets
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.sheets.bounds import MAX_FILE_BYTES, too_big

MOST_FEATURES = 20_000
KIND_WORDS: Final = {
    **{kind: kind for kind in levels.ORDER},
    "区县": levels.DISTRICT, "区": levels.DISTRICT, "县": levels.DISTRICT,
    "街道": levels.STREET, "乡镇": levels.TOWN, "镇": levels.TOWN, "乡": levels.TOWN,
    "社区": levels.COMMUNITY, "居委会": levels.COMMUNITY, "村": levels.VILLAGE, "村委会": levels.VILLAGE,
    "巡查网格": levels.PATROL, "网格": levels.GRID, "村民小组": levels.GROUP, "微网格": levels.MICRO,
}  # fmt: skip
"""What people write for a level, and what we keep."""
COMMITTEES: Final = ("社区居民委员会", "社区居委会", "居民委员会", "村民委员会", "居委会", "村委会")


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the properties of a feature."""

    code: str = "code"
    name: str = "name"
    kind: str = "kind"
    parent: str = "parent"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a boundary file is to be understood: level and parent hold for features that do not say their own."""

    level: str = ""
    parent_code: str = ""
    datum: str = geo.WGS84
    fields: Fields = field(default_factory=Fields)


def read_geojson(content: bytes | Mapping[str, Any], reading: Reading) -> list[Draft]:
    """Features, numbered from 1. Coordinates end in WGS-84; a feature may lie without a geometry (a name alone)."""
    collection = content if isinstance(content, Mapping) else _loaded(content)
    features = collection.get("features")
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list) or not features:
        raise DomainError(_("这不是 GeoJSON 边界文件：应当是 FeatureCollection，里面至少有一块边界。"), field="file")
    if len(features) > MOST_FEATURES:
        raise DomainError(_("边界太多了（超过 %(limit)d 块），请分成几个文件。") % {"limit": MOST_FEATURES}, field="file")
    return [_feature(number, one, reading) for number, one in enumerate(features, start=1)]


def _loaded(content: bytes) -> Mapping[str, Any]:
    if len(content) > MAX_FILE_BYTES:
        raise too_big()

    def refuse(_constant: str) -> NoReturn:
        raise ValueError("not a number")

    try:
        loaded = json.loads(content.decode("utf-8-sig"), parse_constant=refuse)
    except (ValueError, RecursionError):
        raise DomainError(_("这不是 GeoJSON 边界文件，请从地图工具里重新导出。"), field="file") from None
    return loaded if isinstance(loaded, Mapping) else {}


def _feature(number: int, feature: Any, reading: Reading) -> Draft:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    told = properties if isinstance(properties, dict) else {}
    named = reading.fields
    kind = _text(told.get(named.kind)) or reading.level
    data = PlaceData(
        kind=KIND_WORDS.get(kind, kind),
        code=_text(told.get(named.code)),
        name=_text(told.get(named.name)),
        parent_code=_text(told.get(named.parent)) or reading.parent_code,
        name_en=_text(told.get("name_en")),
        community_type=_text(told.get("community_type")),
        households=_whole(told.get("households")),
    )
    problem = _problem(number, data, feature, reading)
    if problem:
        return Draft(number, data, problem)
    return Draft(number, _with_polygon(data, feature.get("geometry"), reading.datum))


def _problem(number: int, data: PlaceData, feature: Any, reading: Reading) -> str:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict | None):
        return _("第 %(n)d 块看不懂，请从地图工具里重新导出。") % {"n": number}
    if not data.name:
        return _("第 %(n)d 块没有名称。请检查字段“%(field)s”。") % {"n": number, "field": reading.fields.name}
    if not data.kind:
        return _("第 %(n)d 块没有写是哪一级。请选一个级别，或检查字段“%(field)s”。") % {"n": number, "field": reading.fields.kind}
    return ""


def _with_polygon(data: PlaceData, geometry: dict[str, Any] | None, datum: str) -> PlaceData:
    if geometry is None:
        return data
    polygon = {"type": geometry.get("type"), "coordinates": _in_wgs84(geometry.get("coordinates"), datum)}
    return PlaceData(
        data.kind, data.code, data.name, data.parent_code, data.name_en, polygon, data.households, data.community_type, data.in_force_on
    )


def _text(value: Any) -> str:
    """Words and whole numbers of a property; what is nested says nothing."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[:200] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _whole(value: Any) -> int | None:
    text = _text(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _in_wgs84(coordinates: Any, datum: str, depth: int = 0) -> Any:
    """The nested coordinates of a geometry in WGS-84; what is not a pair of numbers is left for `clean_polygon` to refuse."""
    if datum == geo.WGS84 or not isinstance(coordinates, list | tuple) or not coordinates or depth > 4:
        return coordinates
    if isinstance(coordinates[0], int | float):
        pair = len(coordinates) >= 2 and isinstance(coordinates[1], int | float)
        return list(geo.to_wgs84(float(coordinates[0]), float(coordinates[1]), datum)) if pair else coordinates
    return [_in_wgs84(one, datum, depth + 1) for one in coordinates]


def read_division_sheet(file: IO[bytes], name: str) -> list[Draft]:
    """A sheet (.csv, .csv.gz, .xlsx) whose columns hold code and name; numbered as the spreadsheet program does."""
    header, rows = sheets.read_rows(file, name)
    at = _columns(header)
    return [division(row.number, sheets.to_text(row.cells[at[0]]), sheets.to_text(row.cells[at[1]])) for row in rows]


def _columns(header: list[str]) -> tuple[int, int]:
    def find(*labels: str) -> int | None:
        plain = [label.strip().lower() for label in header]
        same = next((number for number, label in enumerate(plain) if label in labels), None)
        return same if same is not None else next((at for at, label in enumerate(plain) if any(one in label for one in labels)), None)

    code, named = find("code", "代码", "区划代码", "编码"), find("name", "名称", "名字")
    if code is None or named is None or code == named:
        raise DomainError(_("表里要有“代码”和“名称”两列。"), field="file")
    return code, named


def read_divisions(rows: Iterable[tuple[str, str]]) -> list[Draft]:
    """(code, name) pairs, numbered from 1."""
    return [division(number, code, name) for number, (code, name) in enumerate(rows, start=1)]


def division(number: int, code: str, name: str) -> Draft:
    """One row: 6, 9 or 12 digits, or the statistical code of 12 digits whose lower levels are zeros."""
    code, name = code.strip(), name.strip()
    if len(code) == 12 and code.isascii() and code.isdigit():
        code = code[:6] if code.endswith("000000") else code[:9] if code.endswith("000") else code
    problem = ""
    if not (code.isascii() and code.isdigit() and len(code) in (6, 9, 12)):
        problem = _("“%(code)s”不是区划代码，应当是 6、9 或 12 位数字。") % {"code": code[:20]}
    elif len(code) == 6 and code.endswith("00"):
        problem = _("%(code)s：省、市两级不用导入，从区县开始。") % {"code": code}
    elif not name:
        problem = _("%(code)s：没有名称。") % {"code": code}
    return Draft(number, PlaceData("", code[:20], name[:80]) if problem else _division(code, name), problem)


def _division(code: str, name: str) -> PlaceData:
    if len(code) == 9:
        return PlaceData(_upper(code, name), code, name.removesuffix("办事处"), code[:6])
    if len(code) == 12:
        kind = _lower(code, name)
        return PlaceData(kind, code, _short(name, kind), code[:9])
    return PlaceData(levels.DISTRICT, code, name)


def _upper(code: str, name: str) -> str:
    """Street or town: by its name, else by its number (GB/T 10114: 001-099 streets, 100-399 towns and townships)."""
    if "街道" in name:
        return levels.STREET
    if name.endswith(("镇", "乡", "苏木")):
        return levels.TOWN
    return levels.TOWN if 100 <= int(code[6:]) <= 399 else levels.STREET


def _lower(code: str, name: str) -> str:
    """Community or village: by its name, else by its number (001-199 residents', 200-399 villagers' committees)."""
    if "村民委员会" in name or "村委会" in name:
        return levels.VILLAGE
    if "居民委员会" in name or "居委会" in name or name.endswith("社区"):
        return levels.COMMUNITY
    return levels.VILLAGE if 200 <= int(code[9:]) <= 399 or name.endswith("村") else levels.COMMUNITY


def _short(name: str, kind: str) -> str:
    """ "潇湘社区居民委员会" is 潇湘社区, "三元村委会" is 三元村."""
    ending = next((one for one in COMMITTEES if name.endswith(one)), "")
    short = name.removesuffix(ending)
    if ending.startswith("社区") or (kind == levels.COMMUNITY and ending and not short.endswith(("社区", "村"))):
        return short + "社区"
    return short + "村" if kind == levels.VILLAGE and not short.endswith("村") else short
