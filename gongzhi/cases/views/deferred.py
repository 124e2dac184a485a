"""暂缓和挂账公示: what was put off, where and until when, for everyone to see. Nobody's words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from gongzhi.cases import queries, telling
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case
from gongzhi.cases.views.who import page
from gongzhi.community.directory import body_label
from gongzhi.community.territory import territory


@require_GET
def deferred(request: HttpRequest) -> HttpResponse:
    """Suspended and long-term cases, newest first."""
    found = queries.list_deferred(after=request.GET.get("after", ""))
    pager = {"next": found.next_key or "", "previous": "", "total": None, "shown": len(found.rows)}
    return page(request, "cases/resident/deferred.html", {"rows": [_row(case) for case in found.rows], "pager": pager})


def _row(case: Case) -> dict[str, Any]:
    """A public case by its category and community, any other only by its top category and street."""
    top = catalogue().top(case.category_id)
    return {
        "case": case if case.is_public else None,
        "what": telling.headline(case) if case.is_public else top.label if top else "",
        "place": _place(case.community_id if case.is_public else case.street_id),
        "unit": body_label(case.body_id),
        "word": telling.state_word(case),
        "tone": telling.state_tone(case),
        "since": case.paused_at,
        "until": case.look_again_on,
    }


def _place(place_id: int | None) -> str:
    return territory().address_of(place_id) if place_id else ""
