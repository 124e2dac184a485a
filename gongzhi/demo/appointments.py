"""Cases that the history never leaves to chance: each person of the cast has something to do, and every state is there.

Whatever the day (a night, the week of the Spring Festival), such a case begins early enough for its scene to have been played.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from django.utils import timezone

from gongzhi.cases import actions
from gongzhi.cases.actions.locating import Spot
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case
from gongzhi.community.actors import Actor
from gongzhi.community.models import Building, Post
from gongzhi.demo import texts
from gongzhi.demo.drawings import drawn
from gongzhi.demo.history import Tale
from gongzhi.kernel import clock
from gongzhi.kernel.workdays import load_calendar


@dataclass(frozen=True, slots=True)
class Call:
    """One case: its scene and category, in the cast's grid, its managed compound or its village; who sends a picture, how many join."""

    scene: str
    category: str
    where: str = "grid"
    photo: bool = False
    joined: int = 0


CALLS = (
    Call("registered", "parking-illegal"),
    Call("registered", "waste-exposed", photo=True, joined=1),
    Call("registered", "village-road", "village"),
    Call("accepted", "air-dust"),
    Call("accepted", "irrigation", "village"),
    Call("dispatched", "lamp-out", photo=True, joined=2),
    Call("dispatched", "waste-overflow", photo=True),
    Call("dispatched", "shop-outside"),
    Call("dispatched", "road-flooded", photo=True, joined=1),
    Call("dispatched", "pipe-burst", photo=True, joined=3),
    Call("dispatched", "corridor-clutter", "compound", photo=True),
    Call("dispatched", "small-ads"),
    Call("dispatched", "dispute-space", "village"),
    Call("reported", "pothole", photo=True, joined=1),
    Call("checked", "sewer-overflow", photo=True),
    Call("returned", "air-smoke"),
    Call("disputed", "parking-dead-car"),
    Call("asking", "pavement-broken", photo=True),
    Call("suspended", "manhole", photo=True),
    Call("long_term", "parking-space"),
    Call("merged", "lamp-out"),
    Call("void", "suggestion"),
    Call("told", "consult-procedure"),
    Call("refused", "wages"),
    Call("referred", "labour-dispute"),
    Call("closed", "waste-construction"),
    Call("asked_again", "noise-square", joined=2),
    Call("rated", "lamp-out", photo=True, joined=2),
    Call("whistle_asked", "parking-illegal"),
    Call("whistle_called", "shop-outside"),
    Call("whistle_split", "waste-construction"),
    Call("whistle_raised", "parking-dead-car"),
    Call("whistle_ended", "sewer-overflow"),
)
HOURS = {
    "registered": 0, "accepted": 1.5, "told": 1.5, "refused": 2, "referred": 2, "dispatched": 2.5, "merged": 3.5, "returned": 4.5,
    "void": 5.5, "disputed": 6.5, "asking": 16.5, "suspended": 19.5, "long_term": 19.5, "reported": 38.5, "checked": 46.5,
    "closed": 47.5, "rated": 67.5, "asked_again": 69.5, "whistle_asked": 13, "whistle_called": 13.5, "whistle_split": 20.5,
    "whistle_raised": 18, "whistle_ended": 34,
}  # fmt: skip
"""Working hours that a scene may take at most: the sum of its pauses (stories.py)."""
LONGEST_BACK = 60
"""Days."""


class Stage:
    """The buildings where the cast lives and works."""

    def __init__(self) -> None:
        posts = dict(Post.objects.filter(user__username__in=["gridworker", "gridworker2"]).values_list("user__username", "place_id"))
        manager = Post.objects.filter(user__username="steward").values_list("body_id", flat=True).first()
        every = Building.objects.order_by("id")
        self.of = {
            "grid": list(every.filter(place=posts.get("gridworker", 0))),
            "village": list(every.filter(place=posts.get("gridworker2", 0))),
            "compound": list(every.filter(compound__manager=manager)) if manager else [],
        }


def plan(end: dt.datetime, rng: Random) -> Iterator[tuple[dt.datetime, Call]]:
    """When each of them begins."""
    for call in CALLS:
        yield start(HOURS[call.scene], end, rng), call


def start(hours: float, end: dt.datetime, rng: Random) -> dt.datetime:
    """The latest of some moments, by day, from which so many working hours fit before the end; just now if none are needed."""
    calendar = load_calendar()
    moment = end - dt.timedelta(minutes=rng.randint(10, 50))
    if not hours:
        return moment
    for _step in range(2 * LONGEST_BACK):
        if calendar.add(found := by_day(moment, rng), hours, "working_hours") < end:
            return found
        moment -= dt.timedelta(hours=12)
    raise ValueError(f"no {hours} working hours in the last {LONGEST_BACK} days")


def by_day(moment: dt.datetime, rng: Random) -> dt.datetime:
    """Move a moment into the hours in which people report: seven in the morning to ten at night, most by day."""
    local = timezone.localtime(moment)
    hour = rng.choices(range(7, 22), [2, 6, 9, 9, 7, 4, 5, 7, 8, 7, 6, 5, 4, 3, 2])[0]
    return local.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60)).astimezone(dt.UTC)


def begin(tale: Tale, call: Call, stage: Stage) -> None:
    """Register the case as a resident of the place does; neighbours join it."""
    rng, building = tale.rng, tale.rng.choice(stage.of[call.where])
    first, *others = rng.sample(tale.town.residents, 1 + call.joined)
    key = rng.getrandbits(40)
    with clock.at(tale.at):
        report = actions.Report(
            description=texts.report(call.category, key),
            channel=Case.Channel.RESIDENT,
            category_code=call.category,
            spot=Spot(building.lng, building.lat, building.address),
            answers=texts.answers(call.category, key),
            photos=drawn(call.category, (building.lng, building.lat)) if call.photo else (),
            may_publish=catalogue().by_code[call.category].is_public,
        )
        tale.case = actions.open_case(report=report, by=first).case
    _join(tale, others)
    tale.refresh()


def _join(tale: Tale, others: list[Actor]) -> None:
    """Some minutes later, every second of them without a name."""
    for number, other in enumerate(others, start=1):
        with clock.at(min(tale.at + dt.timedelta(minutes=2 * number), tale.end)):
            actions.join_case(case=tale.case, by=other, is_anonymous=number % 2 == 0)
