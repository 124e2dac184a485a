"""Photos and maps: what their templates need, from models, dicts or plain arguments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext as _

from gongzhi.web.ui.queries import pick

FILES = "/files"
MAP_STATIC = {
    "leaflet-js": "vendor/leaflet.js",
    "leaflet-css": "vendor/leaflet.css",
    "cluster-js": "vendor/leaflet.markercluster.js",
    "cluster-css": "vendor/MarkerCluster.css",
}
MAP_PLACE = ("lat", "lng", "zoom", "marker")
MAP_PICK = ("pick", "locate", "address_id", "address_url")
MAP_LAYERS = ("points", "points_bbox", "polygons", "value", "legend")
MAP_ARGUMENTS = frozenset(("label", "height", "dark", *MAP_PLACE, *MAP_PICK, *MAP_LAYERS))


@dataclass(frozen=True)
class Photo:
    """One picture: small, large, and what it shows."""

    thumb: str
    full: str
    alt: str


def photo(item: Any) -> Photo:
    """A photo from an attachment (``token``) or from anything with ``thumb``, ``full`` and ``alt``."""
    token = pick(item, "token")
    alt = str(pick(item, "alt", "") or "")
    if token:
        return Photo(thumb=f"{FILES}/{token}/thumb", full=f"{FILES}/{token}/full", alt=alt)
    thumb = str(pick(item, "thumb", "") or pick(item, "full", ""))
    return Photo(thumb=thumb, full=str(pick(item, "full", "") or thumb), alt=alt)


def photos(items: Iterable[Any] | None) -> list[Photo]:
    """All photos of a list; None is an empty list."""
    return [photo(item) for item in items or ()]


def map_data(arguments: dict[str, Any]) -> dict[str, str]:
    """The ``data-`` attributes of a map. Raises ``TypeError`` for an argument no map has: a slip is seen at once."""
    unknown = sorted(set(arguments) - MAP_ARGUMENTS)
    if unknown:
        raise TypeError(f"map: unknown argument {', '.join(unknown)}")
    data = {f"data-{name}": static(path) for name, path in MAP_STATIC.items()}
    data["data-module"] = static("web/js/map.js")
    for name, setting in (("data-tiles", "GONGZHI_TILES_URL"), ("data-centre", "GONGZHI_MAP_CENTRE")):
        if value := str(getattr(settings, setting, "") or ""):
            data[name] = value
    for name, value in arguments.items():
        if value not in (None, "", False) and name not in {"label", "height", "dark", "marker"}:
            data[f"data-{name.replace('_', '-')}"] = "1" if value is True else str(value)
    if arguments.get("marker") is False:
        data["data-no-marker"] = "1"
    return data | _map_words()


def _map_words() -> dict[str, str]:
    """Sentences that the script shows, in the language of the page."""
    return {
        "data-say-locate": _("我的位置"),
        "data-say-no-position": _("没能取得您的位置，请在地图上点一下"),
        "data-say-failed": _("地图没能打开，请稍后再试"),
        "data-say-open": _("查看"),
        "data-say-in": _("放大"),
        "data-say-out": _("缩小"),
        "data-say-count": _("%(count)s 件"),
        "data-say-none": _("没有数据"),
    }
