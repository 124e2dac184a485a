"""The replay itself, batch by batch, and what our clocks say beside what the file says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongzhi.cases.actions.bulk import write_lives
from gongzhi.cases.models import Case
from gongzhi.cases.replay.lives import acted, planned
from gongzhi.cases.replay.source import ZONE, Request
from gongzhi.cases.replay.terms import Learned, Seen, is_right, learn, predict
from gongzhi.cases.replay.world import World, build_places, build_world, read_boundaries, retire_categories
from gongzhi.kernel import caches, clock, events

BATCH = 5000
EACH = 500
"""Of so many requests one is lived by the single acts, the others in bulk."""
HOLIDAYS = tuple(
    dt.date(*day)
    for day in (
        (2011, 7, 4), (2011, 9, 5), (2011, 10, 10), (2011, 11, 11), (2011, 11, 24), (2011, 12, 26),
        (2012, 1, 2), (2012, 1, 16), (2012, 2, 20),
    )
)  # fmt: skip
"""Legal holidays of Massachusetts while the requests ran: Independence, Labor, Columbus, Veterans, Thanksgiving, Christmas, New Year,
King and Presidents' Day. Which of them this city's clock counted is learned."""

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Figures:
    """What the replay found. `said` counts requests with due and closing time of which the file says whether they were on time."""

    replayed: int
    located: int
    not_located: int
    agree: int
    said: int
    blank: int
    blank_late: int
    predicted: int
    to_predict: int


def replay(requests: Sequence[Request], boundaries: Path, *, each: int = EACH, progress: Progress | None = None) -> None:
    """Make the city and live every request that is not a case yet."""
    district = build_places(read_boundaries(boundaries))
    world = build_world(requests, district)
    until = clock.now()
    done = 0
    try:
        with events.muted():
            for start in range(0, len(requests), BATCH):
                batch = _unknown(requests[start : start + BATCH])
                _live(batch, [number % each == 0 for number in range(start, start + len(batch))], world, until)
                done += len(requests[start : start + BATCH])
                if progress:
                    progress(done, len(requests))
    finally:
        retire_categories()


def _live(batch: Sequence[Request], singly: Sequence[bool], world: World, until: dt.datetime) -> None:
    with caches.pinned():
        for one, alone in zip(batch, singly, strict=True):
            if alone:
                acted(one, world, until)
    write_lives([planned(one, world, until) for one, alone in zip(batch, singly, strict=True) if not alone], fold=True)


def _unknown(batch: Sequence[Request]) -> list[Request]:
    known = set(Case.objects.filter(outside_key__in=[one.key for one in batch]).values_list("outside_key", flat=True))
    return [one for one in batch if one.key not in known]


def _cases() -> Iterator[Case]:
    rows = Case.objects.filter(outside_key__gte="replay:", outside_key__lt="replay;")
    return rows.only("outside_key", "place_id", "resolved_at", "resolve_due").iterator(5000)


def is_on_time(case: Case, shift: dt.timedelta) -> bool:
    """Our rule, the one the daily figures count by: the work was done by the promised time."""
    return case.resolved_at is not None and case.resolve_due is not None and case.resolved_at <= case.resolve_due + shift


def compare(requests: Sequence[Request], *, shift: dt.timedelta = dt.timedelta(0)) -> Figures:
    """Hold the cases against the file. `shift` sets our clock wrong on purpose, to show that the comparison notices."""
    cases = {case.outside_key: case for case in _cases()}
    mine = [(one, cases[one.key]) for one in requests if one.key in cases]
    ended = [(one, is_on_time(case, shift)) for one, case in mine if one.due and one.closed]
    learned = learn(seen(first_half(requests)), ZONE, HOLIDAYS)
    later = [one for one in second_half(requests) if one.due]
    return Figures(
        replayed=len(mine),
        located=sum(case.is_located for _one, case in mine),
        not_located=sum(not case.is_located for _one, case in mine),
        agree=sum(ours == one.said_on_time for one, ours in ended if one.said_on_time is not None),
        said=sum(one.said_on_time is not None for one, _ours in ended),
        blank=sum(one.said_on_time is None for one, _ours in ended),
        blank_late=sum(not ours for one, ours in ended if one.said_on_time is None),
        predicted=sum(_hit(learned, one, shift) for one in later),
        to_predict=len(later),
    )


def by_opening(requests: Iterable[Request]) -> list[Request]:
    return sorted(requests, key=lambda one: (one.opened, one.number))


def first_half(requests: Sequence[Request]) -> list[Request]:
    """What is learned from: the requests opened first."""
    return by_opening(requests)[: len(requests) // 2]


def second_half(requests: Sequence[Request]) -> list[Request]:
    return by_opening(requests)[len(requests) // 2 :]


def seen(requests: Iterable[Request]) -> list[Seen]:
    return [Seen(one.kind, one.opened, one.due) for one in requests]


def _hit(learned: Learned, one: Request, shift: dt.timedelta) -> bool:
    """Is the due time, by the learned term and a clock that may be wrong by `shift`, the file's?"""
    due = predict(learned, one.kind, one.opened)
    return due is not None and one.due is not None and is_right(due + shift, one.due)
