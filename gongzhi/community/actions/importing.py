"""Places from files: looked at first, then taken in. The good rows come in together or not at all; the others are named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.community.actions.checks import warnings_of
from gongzhi.community.actions.places import write_plan
from gongzhi.community.actions.planning import Plan, plan_places
from gongzhi.community.models import PlaceUpload
from gongzhi.community.place_data import Draft
from gongzhi.community.place_files import Reading, read_division_sheet, read_divisions, read_geojson
from gongzhi.kernel import audit, clock
from gongzhi.kernel.errors import Conflict, DomainError, Missing


def import_geojson(*, collection: Mapping[str, Any] | bytes, by: int | None, reading: Reading) -> Plan:
    """Boundaries become places. Rows that may not come in are in the plan's `refused`."""
    return import_drafts(drafts=read_geojson(collection, reading), by=by)


def import_divisions(*, rows: Iterable[tuple[str, str]], by: int | None) -> Plan:
    """(code, name) rows of 6, 9 or 12 digits, in any order."""
    return import_drafts(drafts=read_divisions(rows), by=by)


@transaction.atomic
def import_drafts(*, drafts: Iterable[Draft], by: int | None) -> Plan:
    """Write the rows that may come in, in one transaction, and say what became of each."""
    plan = plan_places(drafts)
    write_plan(plan=plan, by=by)
    return plan


def read_file(file: IO[bytes], name: str, reading: Reading) -> list[Draft]:
    """Boundaries or a sheet of codes: told by the content, not by the name."""
    start = file.read(64)
    file.seek(0)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        drafts = read_geojson(file.read(), reading)
    else:
        drafts = read_division_sheet(file, name)
    if not drafts:
        raise DomainError(_("表格里只有列名，没有内容。"), field="file")
    return drafts


@transaction.atomic
def stage_upload(*, file: IO[bytes], name: str, reading: Reading, by: int) -> PlaceUpload:
    """Keep a file's rows aside for a look; whatever this person had aside before is forgotten."""
    rows = [draft.as_json() for draft in read_file(file, name, reading)]
    PlaceUpload.objects.filter(uploaded_by_id=by).delete()
    upload = PlaceUpload.objects.create(file_name=name[-200:], rows=rows, uploaded_by_id=by, created_at=clock.now())
    audit.record(verb="places.upload", obj=upload, by=by, facts={"rows": len(rows)})
    return upload


def look_at(upload: PlaceUpload) -> tuple[Plan, list[str], str]:
    """What taking it in would do now, what looks wrong, and the seal that a commit must bear."""
    plan = plan_places(Draft.from_json(row) for row in upload.rows)
    return plan, warnings_of(plan), seal_of(plan)


def seal_of(plan: Plan) -> str:
    """A digest of what a plan does: what was looked at is what comes in."""
    lines = [f"{one.number} {one.verb} {one.place.path}" for one in plan.planned] + [f"{one.number} refused" for one in plan.refused]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


@transaction.atomic
def commit_upload(*, upload: PlaceUpload, seal: str, by: int) -> Plan:
    """Take in what was looked at: in one transaction, once, and only if nothing moved since the look."""
    plan = plan_places(Draft.from_json(row) for row in upload.rows)
    if not PlaceUpload.objects.filter(pk=upload.pk, uploaded_by_id=by).delete()[0]:
        raise Missing(_("这份文件已经导入过，或者已经放弃了。"))
    if seal != seal_of(plan):
        raise Conflict(_("看过以后区域又有变化，请再看一遍结果，再导入。"))
    write_plan(plan=plan, by=by)
    return plan


@transaction.atomic
def drop_upload(*, by: int) -> None:
    """Forget what this person put aside."""
    for upload in PlaceUpload.objects.filter(uploaded_by_id=by):
        audit.record(verb="places.upload_dropped", obj=upload, by=by, facts={"rows": len(upload.rows)})
        upload.delete()
