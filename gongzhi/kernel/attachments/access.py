"""Who may open a picture: the room that owns the object says; nobody's picture is nobody's to see."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from django.http import HttpRequest

from gongzhi.kernel.models.attachments import Attachment

MaySee = Callable[[HttpRequest, int], bool]

CLAIM_IN_SESSION = "upload_claim"

_owners: dict[str, MaySee] = {}


def register_owner(owner_type: str, may_see: MaySee) -> None:
    """Tell who may open the pictures of an object: ``may_see(request, object_id)``. Called in ``AppConfig.ready()``."""
    _owners[owner_type] = may_see


def may_see(request: HttpRequest, attachment: Attachment) -> bool:
    """Fails closed: an owner that nobody registered shows nothing; a draft is seen by who uploaded it only."""
    if attachment.owner_id is not None:
        ask = _owners.get(attachment.owner_type)
        return ask is not None and ask(request, attachment.owner_id) is True
    user = getattr(request, "user", None)
    if attachment.uploaded_by_id is not None:
        return user is not None and user.is_authenticated and user.pk == attachment.uploaded_by_id
    claim = str(getattr(request, "session", {}).get(CLAIM_IN_SESSION, ""))
    return bool(claim) and hmac.compare_digest(digest_of_claim(claim), attachment.claim_digest)


def digest_of_claim(claim: str) -> str:
    """What is stored of a claim: the row alone must not open the session's other drafts."""
    return hashlib.sha256(claim.encode()).hexdigest() if claim else ""
