"""Any number of cases in bulk: the lives that acting would have left (cases.actions.bulk), over the days of the demonstration."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from random import Random
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from gongzhi.cases.actions.bulk import Act, Life, write_lives
from gongzhi.cases.actions.checking import is_drawn
from gongzhi.cases.actions.figures import Tally
from gongzhi.cases.actions.intake import Report
from gongzhi.cases.actions.locating import Spot, place_changes
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.dispatch_choice import Choice, choose
from gongzhi.cases.models import Case, SpotCheck
from gongzhi.cases.workflow import Duty
from gongzhi.community.actors import Actor
from gongzhi.community.models import Building
from gongzhi.community.territory import territory
from gongzhi.demo import texts
from gongzhi.demo.roster import Roster
from gongzhi.kernel import caches, clock
from gongzhi.kernel.flow.tables import Saying
from gongzhi.kernel.workdays import load_calendar

BATCH = 2000
CHANNELS = (
    *[Case.Channel.RESIDENT] * 6,
    Case.Channel.PHONE,
    Case.Channel.PHONE,
    Case.Channel.COUNTER,
    Case.Channel.GRID,
    Case.Channel.GRID,
)
STOPS = ("accept", "dispatch", "take", "report_done", "pass_check", "close", "rate")
HOURS_TO = {
    "accept": (0.1, 2),
    "dispatch": (0.1, 1),
    "take": (0.1, 2),
    "report_done": (2, 30),
    "pass_check": (0.5, 8),
    "close": (0.1, 1),
    "rate": (1, 16),
}
BY = {
    "accept": ("dispatcher", Duty.INTAKE),
    "dispatch": ("dispatcher", Duty.DISPATCH),
    "pass_check": ("checker", Duty.CHECK),
    "close": ("checker", Duty.CHECK),
}


def build_cases(number: int, *, days: int, say: Callable[[str], object], seed: int = 11) -> int:
    """Build `number` cases of the last `days` days, on PostgreSQL by a process a core; the figures are added once at the end."""
    jobs = min(os.cpu_count() or 1, max(1, number // (BATCH * 4))) if connection.vendor == "postgresql" else 1
    shares = [number // jobs + (job < number % jobs) for job in range(jobs)]
    if jobs == 1:
        tallies = [_build(number, days, seed, say)]
    else:
        connections.close_all()  # a forked process must not speak on its parent's connection
        with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
            tallies = list(
                pool.map(
                    _build,
                    shares,
                    [days] * jobs,
                    [seed + job for job in range(jobs)],
                    [say if job == 0 else _silent for job in range(jobs)],
                )
            )
    whole = Tally()
    for tally in tallies:
        whole.open.update(tally.open)
        whole.days.update(tally.days)
    whole.add()
    return number


def _silent(text: str) -> None:
    """The first process speaks for all."""


def _build(number: int, days: int, seed: int, say: Callable[[str], object]) -> Tally:
    started, built, tally = time.monotonic(), 0, Tally()
    with caches.pinned():
        plan = Planner(days, seed).lives(number)
        while batch := list(islice(plan, BATCH)):
            write_lives(batch, tally=tally)
            built += len(batch)
            if built % (BATCH * 10) == 0 or built == number:
                say(f"{built}/{number} cases, {built / (time.monotonic() - started):.0f} a second in each process")
    connections.close_all()
    return tally


class Planner:
    """Plans lives: where, what, when, and how far each one has come by now."""

    def __init__(self, days: int, seed: int) -> None:
        self.rng, self.town, self.days, self.end = Random(seed), Roster(), days, clock.now()
        self.first = seed << 24
        self.buildings = list(Building.objects.order_by("id").values_list("place_id", "lng", "lat", "address"))
        self.calendar = load_calendar()
        self.routes: dict[tuple[int, int, bool], Choice | None] = {}

    def lives(self, number: int) -> Iterator[Life]:
        for key in range(number):
            yield self.life(key + self.first)

    def life(self, key: int) -> Life:
        rng = self.rng
        place_id, lng, lat, address = rng.choice(self.buildings)
        kind = territory().nodes[place_id].kind
        code = texts.category(key, is_village=kind == "group")
        channel = rng.choice(CHANNELS)
        at = self._start()
        by = self._reporter(channel, place_id)
        leaf = catalogue().by_code[code]
        report = Report(
            description=texts.report(code, key),
            channel=channel,
            category_code=code,
            spot=Spot(round(lng + rng.uniform(-3e-4, 3e-4), 6), round(lat + rng.uniform(-3e-4, 3e-4), 6), address),
            answers=texts.answers(code, key),
            is_anonymous=channel == Case.Channel.RESIDENT and rng.random() < 0.2,
            may_publish=leaf.is_public and rng.random() < 0.7,
            on_behalf=channel in (Case.Channel.PHONE, Case.Channel.COUNTER),
        )
        acts = (
            self._settled(at, by, code, key) if channel == Case.Channel.GRID and rng.random() < 0.6 else self._acts(at, place_id, code, key)
        )
        return Life(report, by, at, acts, rings_until=None if acts and acts[-1].name in ENDS else self.end)

    def _start(self) -> dt.datetime:
        moment = timezone.localtime(self.end - dt.timedelta(days=self.rng.uniform(0.02, self.days)))
        start = moment.replace(hour=self.rng.randrange(7, 22), minute=self.rng.randrange(60), second=self.rng.randrange(60))
        return min(start.astimezone(dt.UTC), self.end - dt.timedelta(minutes=5))

    def _reporter(self, channel: str, place_id: int) -> Actor:
        role = {"grid": "grid_worker", "phone": "clerk", "counter": "clerk"}.get(channel, "")
        return (self.town.at(role, place_id) if role else None) or self.town.resident(self.rng)

    def _settled(self, at: dt.datetime, by: Actor, code: str, key: int) -> list[Act]:
        when = self.calendar.add(at, self.rng.uniform(0.05, 0.5), "hours")
        post = next((post for post in by.held if post.role == "grid_worker"), None)
        if post is None or when >= self.end:
            return []
        say = Saying(note=texts.reply("settle", code, key))
        return [Act("settle", when, by, Duty.FIND, post, say, {"outcome": "solved"}, rows=_drawn)]

    def _acts(self, at: dt.datetime, place_id: int, code: str, key: int) -> list[Act]:
        """The usual way of a case, as far as time and chance have brought it."""
        rng, acts = self.rng, []
        length = len(STOPS) - (rng.random() < 0.4)
        if rng.random() < 0.05:
            length = rng.randrange(0, 4)
        choice: Choice | None = None
        for name in STOPS[:length]:
            at = self.calendar.add(at, rng.uniform(*HOURS_TO[name]), "working_hours")
            if at >= self.end:
                break
            if name == "dispatch":
                choice = self._choice(code, place_id, at)
                if choice is None:
                    break
            act = self._act(name, at, place_id, choice, code, key)
            if act is None:
                break
            acts.append(act)
        return acts

    def _act(self, name: str, at: dt.datetime, place_id: int, choice: Choice | None, code: str, key: int) -> Act | None:
        if name == "rate":
            stars = self.rng.choices([5, 4, 3, 2, 1], [40, 34, 14, 8, 4])[0]
            words = texts.rating(stars, key)
            return Act(
                name, at, Actor(), Duty.REPORTER, None, Saying(note=words, data={"stars": stars}), {"rating": stars, "rating_words": words}
            )
        role, duty = BY.get(name, ("handler", Duty.HANDLE))
        by = self._handler(choice) if role == "handler" else self.town.at(role, place_id)
        if by is None:
            return None
        post = next((post for post in by.held if post.role == role), by.held[0])
        say, changes = self._saying(name, choice, code, key)
        return Act(name, at, by, duty, post, say, changes)

    def _saying(self, name: str, choice: Choice | None, code: str, key: int) -> tuple[Saying, dict[str, Any]]:
        if name == "dispatch" and choice:
            data = {"body": choice.body_id, "from_body": None, "rule": choice.rule_id, "version": choice.version}
            return Saying(data=data), {"body_id": choice.body_id, "rule_id": choice.rule_id, "sent_because": choice.why[:240]}
        if name == "report_done":
            outcome = "explained" if self.rng.random() < 0.2 else "solved"
            data = {"outcome": outcome, "look_again_on": None}
            return Saying(note=texts.reply(outcome, code, key), data=data), {"outcome": outcome, "look_again_on": None}
        if name == "close":
            return Saying(data={"outcome": "solved"}), {}
        return Saying(), {}

    def _handler(self, choice: Choice | None) -> Actor | None:
        if choice is None:
            return None
        for role in ("handler", "steward", "secretary"):
            if found := self.town.by_body.get((role, choice.body_id)):
                return found[0]
        return None

    def _choice(self, code: str, place_id: int, at: dt.datetime) -> Choice | None:
        """What the rules say, asked once per category, place and kind of hour."""
        category_id, is_open = catalogue().by_code[code].pk, self.calendar.is_open(at)
        key = (category_id, place_id, is_open)
        if key not in self.routes:
            with clock.at(at):
                self.routes[key] = choose(Case(category_id=category_id, **_standing(place_id)))
        return self.routes[key]


def _drawn(case: Case) -> list[SpotCheck]:
    return [SpotCheck(case=case, drawn_at=case.updated_at)] if is_drawn(case) else []


ENDS = frozenset({"close", "rate", "settle"})


@lru_cache(maxsize=8192)
def _standing(place_id: int) -> dict[str, Any]:
    node = territory().nodes[place_id]
    return {name: value for name, value in place_changes(Spot(place_code=node.code)).items() if name.endswith("_id")}
