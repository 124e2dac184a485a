"""The rows come in: batch by batch, each with its progress in one transaction.

A killed worker's successor goes on where it stopped; two workers on one import never commit the same rows.
"""

from __future__ import annotations

import logging
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gongzhi.kernel import audit, clock
from gongzhi.kernel.audit import By
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.models.sheets import SheetImport, SheetRefusal
from gongzhi.kernel.sheets import rowfile
from gongzhi.kernel.sheets.reading import Row
from gongzhi.kernel.sheets.spec import Context, SheetSpec, ValidRow, get_spec, sentences
from gongzhi.kernel.sheets.staging import SAMPLE_ERRORS, Progress, State, move
from gongzhi.kernel.tasks import job

logger = logging.getLogger(__name__)


def begin(*, sheet: SheetImport, by: By, inline: bool = False) -> SheetImport:
    """Start (or go on with) committing: in a worker, or with ``inline`` by the caller, who then calls ``run``."""
    with transaction.atomic():
        fresh = sheet.state == State.CHECKED
        counts = {"done": 0, "imported": 0, "refused": 0, "offset": 0} if fresh else {}
        sheet = move(sheet, (State.CHECKED, State.FAILED), state=State.RUNNING, message="", finished_at=None, **counts)
        audit.record(verb="sheet.begin", obj=sheet, by=by, facts={"spec": sheet.spec, "rows": sheet.total})
        if not inline:
            run_import.enqueue(sheet.pk)
    return sheet


def run(sheet_id: int, progress: Progress | None = None) -> SheetImport:
    """Commit batch after batch until the rows end. Safe to call again at any time: what is in is not put in twice."""
    sheet = SheetImport.objects.get(pk=sheet_id)
    spec = get_spec(sheet.spec)
    while sheet.state == State.RUNNING:
        batch = list(islice(rowfile.read(sheet.token, sheet.offset), spec.batch_size))
        if not batch:
            return _finish(sheet)
        _run_batch(spec, sheet, [row for row, _offset in batch], batch[-1][1])
        sheet.refresh_from_db()
        if progress:
            progress(sheet.done, sheet.total)
    return sheet


def fail(*, sheet: SheetImport, message: str) -> SheetImport:
    """Stop with a sentence; what came in stays, and ``begin`` goes on from there."""
    states = (State.CHECKING, State.RUNNING)
    return move(sheet, states, state=State.FAILED, message=message, finished_at=clock.now())


@job(retries=5)
def run_import(sheet_id: int) -> None:
    """Commit in a worker; the retries are for workers that were killed.

    An error that nobody foresaw stops the import with a sentence; it can be gone on with.
    """
    try:
        run(sheet_id)
    except Exception as error:
        logger.exception("sheet import %s stopped", sheet_id)
        text = error.message if isinstance(error, DomainError) else _("导入中断了。已导入的都在，点“继续导入”会从断开的地方接着导。")
        fail(sheet=SheetImport.objects.get(pk=sheet_id), message=text)


def _run_batch(spec: SheetSpec, sheet: SheetImport, rows: list[Row], offset: int) -> None:
    valid: list[ValidRow] = []
    refusals: dict[int, str] = {}
    for row in rows:
        found = spec.check(row.number, row.cells, sheet.mapping)
        if isinstance(found, ValidRow):
            valid.append(found)
        else:
            refusals[row.number] = sentences(found)
    context = Context(sheet.pk, sheet.uploaded_by_id, sheet.options, sheet.created_at)
    with transaction.atomic():
        mine = SheetImport.objects.filter(pk=sheet.pk, state=State.RUNNING, offset=sheet.offset)
        # Claimed by its offset: of two workers on one import the second finds nothing to do.
        if not mine.update(offset=offset):
            return
        refusals |= _commit(spec, valid, context)
        SheetRefusal.objects.bulk_create([SheetRefusal(sheet=sheet, row=number, reason=reason) for number, reason in refusals.items()])
        SheetImport.objects.filter(pk=sheet.pk).update(
            done=F("done") + len(rows),
            imported=F("imported") + len(rows) - len(refusals),
            refused=F("refused") + len(refusals),
        )


def _commit(spec: SheetSpec, rows: list[ValidRow], context: Context) -> dict[int, str]:
    """Hand the rows over; when the batch is refused as a whole, one by one, so that one bad row costs only itself."""
    if not rows:
        return {}
    try:
        with transaction.atomic():
            return dict(spec.commit_rows(rows, context) or ())
    except DomainError:
        refusals: dict[int, str] = {}
        for row in rows:
            try:
                with transaction.atomic():
                    refusals |= dict(spec.commit_rows([row], context) or ())
            except DomainError as refused:
                refusals[row.number] = refused.message
        return refusals


def _finish(sheet: SheetImport) -> SheetImport:
    with transaction.atomic():
        errors = [
            {"row": refusal.row, "column": "", "message": refusal.reason} for refusal in sheet.refusals.order_by("row")[:SAMPLE_ERRORS]
        ]
        changes = {"preview": [], "errors": errors, "finished_at": clock.now()}
        sheet = move(sheet, (State.RUNNING,), state=State.DONE, **changes)
        facts = {"spec": sheet.spec, "imported": sheet.imported, "refused": sheet.refused}
        audit.record(verb="sheet.done", obj=sheet, by=sheet.uploaded_by_id, facts=facts)
    if not sheet.refused:
        rowfile.remove(sheet.token)
    return sheet
