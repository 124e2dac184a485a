"""The days of the history: which scene begins when and where, evenly over ninety days and mostly in the daytime."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.db import transaction

from gongzhi.cases.actions.figures import fold_figures
from gongzhi.community.models import Building, Place
from gongzhi.demo.appointments import Call, Stage, by_day, plan
from gongzhi.demo.roster import Roster
from gongzhi.demo.stories import RECENT, SCENES, keep, tell
from gongzhi.kernel import caches, clock, events


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
