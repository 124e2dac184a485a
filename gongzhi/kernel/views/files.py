"""Pictures out and in: /files/<token>/<variant> and POST /files/."""

from __future__ import annotations

import secrets
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.kernel import attachments
from gongzhi.kernel.attachments.access import CLAIM_IN_SESSION
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.models.attachments import Attachment

R = TypeVar("R", bound=HttpResponseBase)


@require_safe
def show(request: HttpRequest, token: str, variant: str) -> HttpResponseBase:
    """One picture, to whom may see it. Not there and not allowed answer alike."""
    row = Attachment.objects.filter(token=token).first()
    if row is None or variant not in attachments.VARIANTS or not attachments.may_see(request, row):
        raise Http404
    etag = f'"{row.sha256[:32]}-{variant}"'
    if request.headers.get("If-None-Match") == etag:
        return _guarded(HttpResponseNotModified(), etag)
    try:
        # Two hundred kilobytes at most times; an open file would have to be closed on every way out.
        content = attachments.path_of(row, variant).read_bytes()
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(content, content_type=row.mime)
    disposition = "inline" if row.kind == Attachment.Kind.PHOTO else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{row.token[:8]}.jpg"'
    return _guarded(response, etag)


def _guarded(response: R, etag: str) -> R:
    """Headers under which a browser shows a picture and never runs anything."""
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Private and short: who may see it can change.
    response["Cache-Control"] = "private, max-age=600"
    return response


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep one picture as a draft: {"token": ...}, or 400 with {"message": ..., "field": ...}."""
    file = request.FILES.get("file")
    try:
        if file is None:
            raise DomainError(_("没有收到照片，请再选一次。"), field="photos")
        signed_in = request.user.is_authenticated
        row = attachments.store(upload=file, by=request.user.pk if signed_in else None, claim="" if signed_in else _claim(request))
    except DomainError as refused:
        answer = {"message": refused.message, "field": refused.field, "code": refused.code}
        return JsonResponse(answer, status=refused.status)
    return JsonResponse({"token": row.token, "width": row.width, "height": row.height}, status=201)


def _claim(request: HttpRequest) -> str:
    """The secret by which this session sees its own drafts."""
    claim = str(request.session.get(CLAIM_IN_SESSION, ""))
    if not claim:
        claim = request.session[CLAIM_IN_SESSION] = secrets.token_urlsafe(24)
    return claim
