"""What happened to cases, said after commit: ids only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CaseRegistered:
    case_id: int
    by_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """Any row of the transition table was performed."""

    case_id: int
    verb: str
    from_state: str
    to_state: str
    by_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseClosed:
    case_id: int
    by_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ReporterJoined:
    case_id: int
    reporter_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """A holiday notice came in: promised times follow it."""

    at: datetime
