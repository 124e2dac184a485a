"""A step as `{% timeline %}` takes it, whatever the matter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Told:
    """A step as `{% timeline %}` takes it."""

    title: str
    at: dt.datetime
    who: str
    text: str
    tone: str
    icon: str
    photos: list[dict[str, str]] = field(default_factory=list)
    inner: bool = False


def photo(token: str) -> dict[str, str]:
    """Addresses of one attachment."""
    return {"thumb": f"/files/{token}/thumb", "full": f"/files/{token}/full", "alt": _("现场照片")}
