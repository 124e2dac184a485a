"""The days of the history: which scene begins when and where, evenly over ninety days and mostly in the daytime."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from random import Random

from django.db import transaction

from gongzhi.cases.actions.figures import fold_figures
from gongzhi.cases.models import Case
from gongzhi.community.models import Building, Place
from gongzhi.demo import appointments, history, whistling
from gongzhi.demo.appointments import Call, Stage, by_day, plan
from gongzhi.demo.history import Stop, Tale
from gongzhi.demo.roster import Roster
from gongzhi.demo.stories import RECENT, SCENES, STORIES
from gongzhi.kernel import caches, clock, events
from gongzhi.kernel.errors import DomainError

PLAYS = {**STORIES, **whistling.STORIES}


def live(*, days: int = 90, times: int = 1, seed: int = 7, home_grid: str = "") -> int:
    """Tell every scene `times` over under a moved clock ending now; returns how many cases there are. One transaction.

    A quarter of it happens in the cast's own grid, and the appointed cases give each of them something to do.
    """
    rng = Random(seed)
    end = clock.now()
    with transaction.atomic(), caches.pinned(), events.muted():
        town, stage, buildings = Roster(), Stage(), list(Building.objects.order_by("id").only("address", "lng", "lat", "place_id"))
        home_id = Place.objects.filter(code=home_grid).values_list("pk", flat=True).first()
        home = [one for one in buildings if one.place_id == home_id]
        told: list[tuple[dt.datetime, str | Call]] = [
            (_start(scene, days, end, rng), scene) for scene, number in SCENES for _time in range(number * times)
        ]
        told += plan(end, rng) if home else ()
        for start, scene in sorted(told, key=lambda one: one[0]):
            if isinstance(scene, Call):
                keep(scene, stage, town, rng, start, end)
            else:
                tell(scene, town, rng, rng.choice(home if home and rng.random() < 0.25 else buildings), start, end)
        while fold_figures():
            pass
    return len(told)


def _start(scene: str, days: int, end: dt.datetime, rng: Random) -> dt.datetime:
    back = rng.uniform(0.05, RECENT.get(scene, days - 1))
    if scene in ("suspended", "extended", "helped", "ruled", "handed_on", "reopened"):
        back = rng.uniform(3, 12)
    if scene == "stuck":
        back = rng.uniform(8, 30)
    moment = by_day(end - dt.timedelta(days=back), rng)
    return min(moment, end - dt.timedelta(minutes=5))


def tell(scene: str, town: Roster, rng: Random, building: Building, start: dt.datetime, end: dt.datetime) -> Case:
    """One case of a scene beginning at `start`; what would lie after `end` does not happen."""
    tale = Tale(town, rng, start, end)
    history.begin(tale, building, by_grid=scene == "settled" or (scene in ("rated", "closed") and rng.random() < 0.25))
    return _play(scene, tale)


def keep(call: Call, stage: Stage, town: Roster, rng: Random, start: dt.datetime, end: dt.datetime) -> Case:
    """One case that was appointed."""
    tale = Tale(town, rng, start, end)
    appointments.begin(tale, call, stage)
    return _play(call.scene, tale)


def _play(scene: str, tale: Tale) -> Case:
    with suppress(Stop, DomainError):
        PLAYS[scene](tale)
    tale.ring_until(tale.end)
    return tale.case
