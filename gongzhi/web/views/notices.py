"""What the system has told this person, newest first."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gongzhi.kernel import notices

SHOWN = 50


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest notices with their words in the reader's language."""
    rows: list[dict[str, Any]] = [
        {"row": one, "words": notices.words(one.kind, one.params)} for one in notices.list_for(request.user)[:SHOWN]
    ]
    return render(request, "web/notices.html", {"rows": rows, "any_unread": any(one["row"].read_at is None for one in rows)})


@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Open one: it counts as read, and leads to its page."""
    notice = get_object_or_404(notices.list_for(request.user), pk=pk)
    notices.mark_read(request.user, [notice.pk])
    own = url_has_allowed_host_and_scheme(notice.url, {request.get_host()})
    return redirect(notice.url if own else "web:notices")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All read."""
    notices.mark_read(request.user)
    return redirect("web:notices")
