"""What the rooms above hear of a whistle."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WhistleMoved:
    """Somebody did something with a whistle."""

    whistle_id: int
    verb: str
    by_id: int | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class WhistleEnded:
    """The matter ended and everybody may go."""

    whistle_id: int
    by_id: int | None
    at: dt.datetime
