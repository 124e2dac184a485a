"""The way of a sheet into the house as far as nothing has come in yet: upload, map its columns, check.

Each step is an action on a ``SheetImport``: it changes the state conditionally, so that two clicks never do one step twice.
Committing is in ``committing``.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import IO, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gongzhi.kernel import audit, clock
from gongzhi.kernel.audit import By
from gongzhi.kernel.errors import Conflict, DomainError
from gongzhi.kernel.models.sheets import SheetImport
from gongzhi.kernel.sheets import bounds, rowfile
from gongzhi.kernel.sheets.cells import to_text
from gongzhi.kernel.sheets.reading import Row, read_rows
from gongzhi.kernel.sheets.spec import CellError, SheetSpec, ValidRow, get_spec, guess_mapping
from gongzhi.kernel.tasks import job

logger = logging.getLogger(__name__)

State = SheetImport.State
Progress = Callable[[int, int], object]

PREVIEW_ROWS = 20
SAMPLE_ERRORS = 50
# Above this many rows checking takes longer than a person waits for a page; a worker does it then.
CHECK_INLINE = 20_000


def upload(*, spec: SheetSpec, file: IO[bytes], file_name: str, by: By, options: Mapping[str, Any] | None = None) -> SheetImport:
    """Read the sheet within bounds and keep its rows aside, with a first guess of which column is which."""
    name = PurePath(file_name.replace("\\", "/")).name[:200]
    token = secrets.token_hex(16)
    digest = _digest(file)
    header, rows = read_rows(file, name)
    total = rowfile.write(token, rows)
    try:
        if total == 0:
            raise DomainError(_("表格里只有列名，没有内容。"), field="file")
        with transaction.atomic():
            sheet = SheetImport.objects.create(
                token=token,
                spec=spec.name,
                file_name=name,
                sha256=digest,
                uploaded_by_id=_user_id(by),
                options=dict(options or {}),
                header=header,
                mapping=guess_mapping(spec, header),
                total=total,
                created_at=clock.now(),
            )
            audit.record(verb="sheet.upload", obj=sheet, by=by, facts={"spec": spec.name, "rows": total})
    except BaseException:
        rowfile.remove(token)
        raise
    return sheet


def map_columns(*, sheet: SheetImport, mapping: Mapping[str, int | None] | None = None) -> SheetImport:
    """Say which column is which (None: keep the guess). Every required column must have one, and each one only once."""
    spec = get_spec(sheet.spec)
    chosen = dict(sheet.mapping) if mapping is None else {key: at for key, at in mapping.items() if at is not None}
    known = {column.key for column in spec.columns}
    if not set(chosen) <= known or not all(0 <= at < len(sheet.header) for at in chosen.values()):
        raise DomainError(_("选的列不在表里，请重新选。"))
    for column in spec.columns:
        if column.required and column.key not in chosen:
            text = _("表里没有找到“%(label)s”这一列，请选出它是哪一列；没有的话，请在表里加上再传。")
            raise DomainError(text % {"label": column.label}, field=column.key)
    _check_each_once(spec, chosen)
    return move(sheet, (State.UPLOADED, State.MAPPED, State.CHECKED), state=State.MAPPED, mapping=chosen, **_CLEAN)


def start_check(*, sheet: SheetImport) -> SheetImport:
    """Check now when it is quick, else in a worker (then the state is CHECKING and the page shows how far)."""
    if sheet.total <= CHECK_INLINE:
        return check(sheet=sheet)
    with transaction.atomic():
        sheet = move(sheet, (State.MAPPED, State.CHECKED), state=State.CHECKING, done=0)
        check_import.enqueue(sheet.pk)
    return sheet


@job(retries=5)
def check_import(sheet_id: int) -> None:
    """Check in a worker; what stops it is told on the page."""
    sheet = SheetImport.objects.get(pk=sheet_id)
    if sheet.state != State.CHECKING:
        return
    try:
        check(sheet=sheet)
    except Exception as error:
        logger.exception("sheet check %s stopped", sheet_id)
        text = error.message if isinstance(error, DomainError) else _("检查中断了，请再检查一次。")
        move(sheet, (State.CHECKING,), state=State.MAPPED, message=text)


def check(*, sheet: SheetImport, progress: Progress | None = None) -> SheetImport:
    """Read every row; keep how many are good, the first rows as they will be understood, and the first errors."""
    spec = get_spec(sheet.spec)
    preview: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    refused = 0
    for count, (row, _offset) in enumerate(rowfile.read(sheet.token), start=1):
        found = spec.check(row.number, row.cells, sheet.mapping)
        if isinstance(found, list):
            refused += 1
            errors += [_as_json(error) for error in found[: max(0, SAMPLE_ERRORS - len(errors))]]
        if len(preview) < PREVIEW_ROWS:
            preview.append(_preview(spec, row, sheet.mapping, found))
        if count % 2000 == 0:
            _tell(sheet, count, progress)
    states = (State.MAPPED, State.CHECKED, State.CHECKING)
    return move(sheet, states, state=State.CHECKED, done=0, refused=refused, preview=preview, errors=errors)


def cancel(*, sheet: SheetImport, by: By) -> SheetImport:
    """Give up what has not come in yet, and forget the rows."""
    open_states = [state for state in State if state not in (State.DONE, State.CANCELLED)]
    with transaction.atomic():
        changes = {**_CLEAN, "done": F("done"), "refused": F("refused")}
        sheet = move(sheet, open_states, state=State.CANCELLED, finished_at=clock.now(), **changes)
        audit.record(verb="sheet.cancel", obj=sheet, by=by, facts={"spec": sheet.spec, "imported": sheet.imported})
    rowfile.remove(sheet.token)
    return sheet


_CLEAN: dict[str, Any] = {"done": 0, "refused": 0, "preview": [], "errors": [], "message": ""}


def _check_each_once(spec: SheetSpec, chosen: Mapping[str, int]) -> None:
    seen: dict[int, str] = {}
    for key, at in chosen.items():
        if at in seen:
            labels = {"one": spec.column(seen[at]).label, "other": spec.column(key).label}
            raise DomainError(_("“%(one)s”和“%(other)s”选了同一列，请分开选。") % labels, field=key)
        seen[at] = key


def move(sheet: SheetImport, states: Sequence[str], **changes: Any) -> SheetImport:
    """Change the row only while it is in one of the states."""
    if not SheetImport.objects.filter(pk=sheet.pk, state__in=states).update(**changes):
        raise Conflict(_("这份表格刚刚有了新进展，请刷新页面看看。"))
    return SheetImport.objects.get(pk=sheet.pk)


def _tell(sheet: SheetImport, count: int, progress: Progress | None) -> None:
    if progress:
        progress(count, sheet.total)
    if sheet.state == State.CHECKING:
        SheetImport.objects.filter(pk=sheet.pk, state=State.CHECKING).update(done=count)


def _as_json(error: CellError) -> dict[str, Any]:
    return {"row": error.row, "column": error.column, "message": error.message}


def _preview(spec: SheetSpec, row: Row, mapping: Mapping[str, int], found: ValidRow | list[CellError]) -> dict[str, Any]:
    """A row as the page shows it: the cells of our columns as text, and whether it will come in."""
    bad = {error.column for error in found} if isinstance(found, list) else set()
    cells = []
    for column in spec.columns:
        position = mapping.get(column.key)
        text = to_text(row.cells[position])[:80] if position is not None else ""
        cells.append({"text": text, "bad": column.label in bad})
    return {"row": row.number, "cells": cells, "good": not isinstance(found, list)}


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(bounds.CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _user_id(by: By) -> int | None:
    if by is None or isinstance(by, int):
        return by
    found: int | None = getattr(by, "user_id", None) if hasattr(by, "user_id") else getattr(by, "pk", None)
    return found
