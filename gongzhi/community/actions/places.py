"""Saving places: planned first, then written in one transaction, and the tree in process told to reload."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.community.actions.planning import Plan, Planned, plan_places
from gongzhi.community.events import PlacesChanged
from gongzhi.community.models import Place
from gongzhi.community.place_data import Draft, PlaceData
from gongzhi.kernel import audit, caches, clock, events
from gongzhi.kernel.errors import Conflict, DomainError

FIELDS = (
    "kind", "name", "name_en", "parent", "path", "polygon", "min_lng", "min_lat", "max_lng", "max_lat", "households", "community_type",
    "in_force_on",
)  # fmt: skip
BATCH = 200


def save_place(*, data: PlaceData, by: int | None, keep: bool = True) -> Place:
    """Create a place or update the one with its code; see `save_places`."""
    return save_places(rows=[data], by=by, keep=keep)[0]


@transaction.atomic
def save_places(*, rows: Iterable[PlaceData], by: int | None, keep: bool = True) -> list[Place]:
    """Create or update many places, given in any order and answered in that order.

    All or nothing: the first row that may not come in refuses all, in a sentence with its code. `keep`: what is left blank stays.
    """
    plan = plan_places([Draft(number, data) for number, data in enumerate(rows, start=1)], keep=keep)
    if plan.refused:
        raise DomainError(plan.refused[0].sentence, field=plan.refused[0].field)
    write_plan(plan=plan, by=by)
    return [one.place for one in sorted(plan.planned, key=lambda one: one.number)]


@transaction.atomic
def write_plan(*, plan: Plan, by: int | None) -> None:
    """Write what a plan says, in the transaction of the caller or one of its own."""
    written = plan.written
    if not written:
        return
    try:
        with transaction.atomic():
            _create([one.place for one in plan.of("create")])
            _change(plan)
    except IntegrityError:
        raise Conflict(_("区域刚刚被别人改动过，请再看一遍。")) from None
    facts = {"count": len(written), "created": len(plan.of("create")), "changed": len(plan.of("change"))}
    audit.record(verb="places.save", obj=written[0].place, by=by, facts=facts)
    _tell(len(written))


@transaction.atomic
def end_place(*, place: Place, by: int | None) -> Place:
    """Put a place out of force from today; nothing in force may stand below it. Facts keep it by their path."""
    if Place.objects.filter(parent=place, ended_on=None).exists():
        raise DomainError(_("“%(name)s”下面还有在用的区域，请先停用或移走它们。") % {"name": place.name}, field="ended_on")
    if not Place.objects.filter(pk=place.pk, ended_on=None).update(ended_on=clock.today()):
        raise Conflict(_("区域刚刚被别人改动过，请再看一遍。"))
    place.refresh_from_db()
    audit.record(verb="place.end", obj=place, by=by, facts={"code": place.code})
    _tell(1)
    return place


@transaction.atomic
def revive_place(*, place: Place, by: int | None) -> Place:
    """Put a place in force again; the one above must be."""
    above = Place.objects.filter(children=place).exclude(ended_on=None).first()  # asked anew: it may have been revived just now
    if above is not None:
        raise DomainError(_("%(code)s：上级“%(name)s”已经停用。") % {"code": place.code, "name": above.name}, field="ended_on")
    if Place.objects.filter(pk=place.pk).exclude(ended_on=None).update(ended_on=None):
        audit.record(verb="place.revive", obj=place, by=by, facts={"code": place.code})
        _tell(1)
    place.refresh_from_db()
    return place


def _tell(count: int) -> None:
    caches.touch("places", "gazetteer")
    events.publish(PlacesChanged(count))


def _create(fresh: list[Place]) -> None:
    """Level by level, so that a child finds its parent's id."""
    for depth in sorted({place.path.count("/") for place in fresh}):
        batch = [place for place in fresh if place.path.count("/") == depth]
        for place in batch:
            place.parent_id = place.parent.pk if place.parent is not None else None
        Place.objects.bulk_create(batch, batch_size=500)


def _change(plan: Plan) -> None:
    changed = plan.of("change")
    for one in changed:
        one.place.parent_id = one.place.parent.pk if one.place.parent is not None else None
    Place.objects.bulk_update([one.place for one in changed], FIELDS, batch_size=BATCH)
    moved = [one for one in changed if one.old_path != one.place.path]
    planned = [one.place.pk for one in plan.planned]
    # The lowest first: what stands below a place that moved out of another moved one is no longer found under the other's old path.
    for one in sorted(moved, key=lambda one: -one.old_path.count("/")):
        _move_below(one, planned)


def _move_below(one: Planned, planned: list[int]) -> None:
    """What stands below a moved place moves with it; rows of the plan have their own new path already."""
    below = list(Place.objects.filter(path__startswith=one.old_path).exclude(pk__in=planned).only("pk", "path"))
    for place in below:
        place.path = one.place.path + place.path[len(one.old_path) :]
    Place.objects.bulk_update(below, ["path"], batch_size=500)
