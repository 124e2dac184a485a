"""Keeping pictures: store, attach to an object, forget what was never attached."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.attachments import images
from gongzhi.kernel.attachments.access import digest_of_claim
from gongzhi.kernel.audit import By
from gongzhi.kernel.errors import Conflict, DomainError
from gongzhi.kernel.models.attachments import Attachment

FULL, THUMB = "full", "thumb"
VARIANTS = (FULL, THUMB)
MAX_ATTACHED_AT_ONCE = 20
MAX_DRAFTS_OF_PERSON = 60
MAX_DRAFTS_OF_GUEST = 20
DRAFT_LIFE = timedelta(days=2)


def store(*, upload: IO[bytes], by: By, owner: models.Model | None = None, claim: str = "", field: str = "photos") -> Attachment:
    """Clean the picture and keep it, as a draft or at once as part of ``owner``.

    ``claim`` is the secret of a guest's session, by which he alone sees his draft. A refusal names ``field``.
    """
    by_id = _user_id(by)
    try:
        cleaned = images.clean(upload)
    except DomainError as refused:
        raise DomainError(refused.message, field=field) from None
    row = Attachment(
        token=secrets.token_hex(16),
        uploaded_by_id=by_id if owner is None else None,
        claim_digest=digest_of_claim(claim) if owner is None and by_id is None else "",
        owner_type=_label(owner) if owner else "",
        owner_id=owner.pk if owner else None,
        mime=images.MIME,
        width=cleaned.width,
        height=cleaned.height,
        size=len(cleaned.full),
        sha256=hashlib.sha256(cleaned.full).hexdigest(),
        phash=cleaned.phash,
        created_at=clock.now(),
    )
    try:
        # Files first: writing to the disk inside the transaction would hold SQLite's only writer.
        _write(path_of(row, FULL), cleaned.full)
        _write(path_of(row, THUMB), cleaned.thumb)
        with transaction.atomic():
            _check_drafts(by_id, claim)
            row.save(force_insert=True)
    except BaseException:
        _remove(path_of(row, variant) for variant in VARIANTS)
        raise
    return row


def attach(tokens: Sequence[str], owner: models.Model, *, by_id: int | None = None, claim: str | None = None) -> list[Attachment]:
    """Make drafts part of ``owner``, in the running transaction; those that already are stay as they are.

    A person's draft is attached by that person only. A guest's draft is attached by whoever holds its token (128 random
    bits that only he was told), and with ``claim`` only by his own session. Afterwards the row no longer says who
    uploaded it: of an anonymous report nothing may lead back, of any other the object knows.
    """
    wanted = list(dict.fromkeys(tokens))
    if not wanted:
        return []
    if len(wanted) > MAX_ATTACHED_AT_ONCE:
        raise DomainError(_("照片太多了，一次最多 %(limit)d 张。") % {"limit": MAX_ATTACHED_AT_ONCE}, field="photos")
    label = _label(owner)
    mine = models.Q(uploaded_by_id=None)
    if claim is not None:
        mine &= models.Q(claim_digest=digest_of_claim(claim))
    if by_id is not None:
        mine |= models.Q(uploaded_by_id=by_id)
    with transaction.atomic():
        Attachment.objects.drafts().filter(mine, token__in=wanted).update(
            owner_type=label, owner_id=owner.pk, uploaded_by_id=None, claim_digest=""
        )
        found = {row.token: row for row in Attachment.objects.of(label, owner.pk).filter(token__in=wanted)}
        if len(found) != len(wanted):
            raise Conflict(_("有照片已经过期，或者不是您传的。请把照片重新添加一次。"), field="photos")
    return [found[token] for token in wanted]


def path_of(attachment: Attachment, variant: str) -> Path:
    """Where a variant lies. Named by the token, so that two equal pictures never share (and lose) one file."""
    if variant not in VARIANTS:
        raise ValueError(variant)
    digest = attachment.sha256
    return _root() / digest[:2] / digest[2:4] / f"{attachment.token}-{variant}.jpg"


def purge_orphans() -> int:
    """Forget drafts older than two days that nobody attached; how many."""
    old = Attachment.objects.drafts().filter(created_at__lt=clock.now() - DRAFT_LIFE)
    count = 0
    for row in old.iterator(chunk_size=500):
        # Conditional: between reading and now it may have been attached.
        if Attachment.objects.drafts().filter(pk=row.pk).delete()[0]:
            _remove(path_of(row, variant) for variant in VARIANTS)
            count += 1
    return count


def sweep_stray_files(shard: str) -> int:
    """Remove files of one shard (two hex digits) that no row knows: a crash between file and commit leaves them."""
    oldest = (clock.now() - DRAFT_LIFE).timestamp()
    files = [path for path in (_root() / shard).glob("*/*") if path.stat().st_mtime < oldest]
    count = 0
    for start in range(0, len(files), 500):
        batch = files[start : start + 500]
        tokens = {path.name.partition("-")[0] for path in batch}
        known = set(Attachment.objects.filter(token__in=tokens).values_list("token", flat=True))
        count += _remove(path for path in batch if path.name.partition("-")[0] not in known)
    return count


def _check_drafts(by_id: int | None, claim: str) -> None:
    drafts = Attachment.objects.drafts()
    if by_id is not None:
        count, limit = drafts.filter(uploaded_by_id=by_id).count(), MAX_DRAFTS_OF_PERSON
    elif claim:
        count, limit = drafts.filter(claim_digest=digest_of_claim(claim)).count(), MAX_DRAFTS_OF_GUEST
    else:
        return
    if count >= limit:
        raise DomainError(_("已经传了很多照片还没有提交。请先提交，再传新的。"), field="photos")


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the power goes: a temporary file, flushed to the disk, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix="new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove(paths: Iterable[Path]) -> int:
    count = 0
    for path in paths:
        path.unlink(missing_ok=True)
        count += 1
    return count


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "attachments"


def _label(owner: models.Model) -> str:
    return owner._meta.label_lower


def _user_id(by: By) -> int | None:
    if by is None or isinstance(by, int):
        return by
    found: int | None = getattr(by, "user_id", None) if hasattr(by, "user_id") else getattr(by, "pk", None)
    return found
