"""Ninety days of living history: every case made and moved by the real actions, under a moved clock, in every state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

from django.db.models import QuerySet

from gongzhi.cases import actions
from gongzhi.cases.actions.alarming import ring
from gongzhi.cases.actions.locating import Spot
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case
from gongzhi.community.actors import Actor
from gongzhi.community.models import Building
from gongzhi.community.territory import territory
from gongzhi.demo import texts
from gongzhi.demo.roster import Roster
from gongzhi.kernel import clock
from gongzhi.kernel.flow.clocks import Ring, ring_due
from gongzhi.kernel.models.flow import Timed
from gongzhi.kernel.workdays import load_calendar

T = TypeVar("T", bound=Timed)


class Stop(Exception):
    """The next act would lie in the future: the case stays as it is."""


class Tale:
    """One case and its clock. Each act happens some working hours after the one before, alarms ring in between.

    `bells` ring the clocks of what hangs on the case, up to a moment.
    """

    def __init__(self, town: Roster, rng: Random, start: dt.datetime, end: dt.datetime) -> None:
        self.town, self.rng, self.at, self.end = town, rng, start, end
        self.case: Case = Case()
        self.bells: list[Callable[[dt.datetime], None]] = []

    def later(self, least: float, most: float) -> None:
        """Let working hours pass and the alarms ring that come due."""
        self.at = load_calendar().add(self.at, self.rng.uniform(least, most), "working_hours")
        if self.at >= self.end:
            self.ring_until(self.end)
            raise Stop
        self.ring_until(self.at)

    def ring_until(self, moment: dt.datetime) -> None:
        while self.case.pk and self.case.next_due and self.case.next_due <= moment:
            with clock.at(self.case.next_due):
                before = self.case.version
                ring(case_id=self.case.pk)
                self.refresh()
            if self.case.version == before:
                break
        for bell in self.bells:
            bell(moment)

    def words(self, kind: str) -> str:
        """A line that fits the kind of act and the category."""
        category = catalogue().by_id[self.case.category_id or 0].code
        return texts.reply(kind, category, self.rng.getrandbits(40))

    def refresh(self) -> None:
        self.case = Case.objects.get(pk=self.case.pk)

    def act(self, do: Callable[..., Any], role: str, **values: Any) -> None:
        """One act by the holder of a role over the case; `handler` is whoever handles it."""
        by = self.town.handler(self.case) if role == "handler" else self.town.over(role, self.case)
        if by is None:
            raise Stop
        self.do(do, by, **values)

    def do(self, do: Callable[..., Any], by: Actor, **values: Any) -> None:
        with clock.at(self.at):
            do(case=self.case, by=by, **values)
        self.refresh()


def bell(rows: QuerySet[T], ring: Ring[T]) -> Callable[[dt.datetime], None]:
    """What rings the clocks of these rows, each at its own moment, up to the moment it is given."""

    def ring_until(moment: dt.datetime) -> None:
        seen: set[tuple[int, dt.datetime | None]] = set()
        while (row := rows.filter(next_alarm__lte=moment).order_by("next_alarm", "pk").first()) and (row.pk, row.next_alarm) not in seen:
            seen.add((row.pk, row.next_alarm))
            with clock.at(row.next_alarm or moment):
                ring_due(rows.model, ring)

    return ring_until


def begin(tale: Tale, building: Building, *, by_grid: bool) -> None:
    """Register the case as a resident, the desk or the grid worker would."""
    rng = tale.rng
    node = territory().nodes[building.place_id]
    leaf = catalogue().by_code[texts.category(rng.getrandbits(40), is_village=node.kind == "group")]
    lng, lat = building.lng + rng.uniform(-3e-4, 3e-4), building.lat + rng.uniform(-3e-4, 3e-4)
    anonymous = not by_grid and rng.random() < 0.2
    channel = Case.Channel.GRID if by_grid else rng.choice(CHANNELS)
    report = actions.Report(
        description=texts.report(leaf.code, rng.getrandbits(40)),
        channel=channel,
        category_code=leaf.code,
        spot=Spot(round(lng, 6), round(lat, 6), building.address),
        answers=texts.answers(leaf.code, rng.getrandbits(40)),
        is_anonymous=anonymous,
        may_publish=leaf.is_public and rng.random() < 0.8,
        on_behalf=channel in (Case.Channel.PHONE, Case.Channel.COUNTER, Case.Channel.WECHAT_GROUP),
    )
    role = "grid_worker" if by_grid else "clerk" if report.on_behalf else ""
    by = (tale.town.at(role, building.place_id) if role else None) or tale.town.resident(rng)
    with clock.at(tale.at):
        tale.case = actions.open_case(report=report, by=by).case
    tale.refresh()


CHANNELS = (*[Case.Channel.RESIDENT] * 6, Case.Channel.PHONE, Case.Channel.PHONE, Case.Channel.COUNTER, Case.Channel.WECHAT_GROUP)
