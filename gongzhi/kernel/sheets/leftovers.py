"""What is left of an import: the refused rows to mend, and forgetting it all after a week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.models.sheets import SheetImport
from gongzhi.kernel.sheets import rowfile
from gongzhi.kernel.sheets.cells import to_text
from gongzhi.kernel.sheets.spec import get_spec, sentences
from gongzhi.kernel.sheets.staging import State
from gongzhi.kernel.sheets.writing import write_sheet
from gongzhi.kernel.tasks import periodic

KEEP = timedelta(days=7)


def error_workbook(sheet: SheetImport) -> bytes:
    """An .xlsx of the refused rows as they came, with the reason beside them: to mend and upload again."""
    columns = [*sheet.header, _("原来的行号"), _("没有导入的原因")]
    return write_sheet(_refused_rows(sheet), columns, title=_("没有导入的行"))


def _refused_rows(sheet: SheetImport) -> Iterator[list[Any]]:
    spec = get_spec(sheet.spec)
    committed = sheet.state in (State.RUNNING, State.DONE, State.FAILED)
    reasons = dict(sheet.refusals.values_list("row", "reason")) if committed else {}
    for row, _offset in rowfile.read(sheet.token):
        if committed:
            reason = reasons.get(row.number, "")
        else:
            found = spec.check(row.number, row.cells, sheet.mapping)
            reason = sentences(found) if isinstance(found, list) else ""
        if reason:
            yield [*map(to_text, row.cells), row.number, reason]


@periodic(seconds=3600)
def purge_old() -> int:
    """Forget rows and reasons of imports older than a week; how many. Their counts stay."""
    oldest = (clock.now() - KEEP).timestamp()
    count = 0
    for path in rowfile.folder().glob("*.jsonl"):
        sheet = SheetImport.objects.filter(token=path.stem).first()
        if path.stat().st_mtime >= oldest or (sheet is not None and sheet.state == State.RUNNING):
            continue
        if sheet is not None:
            _forget(sheet)
        path.unlink(missing_ok=True)
        count += 1
    return count


def _forget(sheet: SheetImport) -> None:
    state = sheet.state if sheet.is_finished else State.CANCELLED
    with transaction.atomic():
        SheetImport.objects.filter(pk=sheet.pk, state=sheet.state).update(state=state, preview=[], errors=[])
        sheet.refusals.all().delete()
