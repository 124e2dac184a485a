"""Pictures: photos, maps, charts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext as _

from gongzhi.web.ui import media

register = template.Library()


@register.inclusion_tag("components/photo_grid.html")
def photo_grid(photos: Iterable[Any] | None) -> dict[str, Any]:
    """Photos that open large."""
    return {"photos": media.photos(photos)}


@register.inclusion_tag("components/map.html", name="map")
def map_tag(**arguments: Any) -> dict[str, Any]:
    """A map; see docs/components.md for its arguments."""
    height = arguments.get("height") or "md"
    return {
        "data": media.map_data(arguments),
        "label": arguments.get("label") or _("地图"),
        "height": height,
        "dark": bool(arguments.get("dark")),
        "legend": arguments.get("legend", ""),
    }


@register.inclusion_tag("components/chart.html")
def chart(data_id: str, label: str, height: str = "md", kind: str = "") -> dict[str, Any]:
    """A chart from the option in ``json_script`` *data_id*."""
    return {"data_id": data_id, "label": label, "height": height, "kind": kind}
