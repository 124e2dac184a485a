"""督办: what is late or about to be, how far up it has climbed, and where most of it stands."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gongzhi.cases import oversight, rules, telling
from gongzhi.cases.models import Case
from gongzhi.cases.oversight import LATE, RISK, Standing
from gongzhi.cases.queries import Page
from gongzhi.cases.views.desk import short_place
from gongzhi.cases.views.who import actor, needs, page
from gongzhi.community.actors import Actor
from gongzhi.community.directory import body_label
from gongzhi.community.territory import Node, territory

AREAS = "areas"
LISTS = {LATE: gettext_lazy("已超时"), RISK: gettext_lazy("一天内到期"), AREAS: gettext_lazy("各社区")}
LEVELS = {"community": gettext_lazy("社区"), "street": gettext_lazy("街道"), "district": gettext_lazy("区")}
NO_PAGE = Page([], None)
MOST_AREAS = 60
"""Communities named on the page, those with the most late cases first; the board has every one of them."""


def may_supervise(by: Actor) -> bool:
    """Supervisors and leaders, and who approves extensions and suspensions."""
    return rules.can_oversee(by) or bool(by.with_role("approver"))


@require_GET
@needs(may_supervise)
def supervision(request: HttpRequest) -> HttpResponse:
    """Late cases, those due within a day (`?place=` narrows both to an area), or the figures of every community."""
    by = actor(request)
    which = request.GET.get("list", "") if request.GET.get("list") in LISTS else LATE
    area = territory().by_code.get(request.GET.get("place", "")) if which != AREAS else None
    found = oversight.list_watched(by, which, area, after=request.GET.get("after", "")) if which != AREAS else NO_PAGE
    standings, reads = oversight.standings(by), rules.can_see_words(by)
    context = {
        "rows": [_row(case, reads) for case in found.rows],
        "pager": {"next": found.next_key or "", "previous": "", "total": None, "shown": len(found.rows)},
        "tabs": [
            {"text": words, "url": _here(key, area if key != AREAS else None), "active": key == which, "count": None}
            for key, words in LISTS.items()
        ],
        "which": which,
        "area": area,
        "reads": reads,
        "standings": [_standing(one, reads) for one in standings[:MOST_AREAS]],
        "stats": _stats(standings, reads),
        "awaiting_url": f"{reverse('cases:inbox')}?awaiting=1" if by.with_role("approver") else "",
    }
    return page(request, "cases/supervision/list.html", context)


def _here(which: str, area: Node | None) -> str:
    query = ([("list", which)] if which != LATE else []) + ([("place", area.code)] if area else [])
    return f"{reverse('cases:supervision')}{'?' if query else ''}{urlencode(query)}"


def _inbox(reads: bool, **query: str) -> str:
    """The same in the inbox, where it can be acted upon; empty for who sees no words."""
    return f"{reverse('cases:inbox')}?{urlencode(query)}" if reads else ""


def _row(case: Case, reads: bool) -> dict[str, Any]:
    """A case as a line. A leader gets number, category and place: the words stay with those who work on it."""
    return {
        "case": case,
        "title": telling.headline(case) if reads or case.category_id else _("未分类"),
        "words": case.description if reads else "",
        "url": reverse("cases:desk_case", args=[case.code]) if reads else "",
        "place": short_place(case),
        "unit": body_label(case.body_id),
        "word": telling.state_word(case),
        "tone": telling.state_tone(case),
        "level": LEVELS.get(case.alarm_level, ""),
        "working": case.resolve_unit.startswith("working"),
    }


def _standing(one: Standing, reads: bool) -> dict[str, Any]:
    code = one.area.code if one.area else ""
    return {
        "name": territory().address_of(one.area.id) if one.area else _("没有定位"),
        "open": one.open,
        "late": one.late,
        "here_url": _here(LATE, one.area) if one.area else "",
        "open_url": _inbox(reads, **({"place": code} if code else {"nowhere": "1"})),
        "late_url": _inbox(reads, **({"place": code} if code else {"nowhere": "1"}), late="1"),
    }


def _stats(standings: list[Standing], reads: bool) -> list[dict[str, Any]]:
    late, whole = sum(one.late for one in standings), sum(one.open for one in standings)
    share = f"{round(100 * late / whole, 1):g}%" if whole else "—"
    return [
        {"label": _("未办结"), "value": whole, "url": reverse("cases:inbox") if reads else ""},
        {"label": _("已超时"), "value": late, "url": _inbox(reads, late="1"), "unit": _("占未办结 %(share)s") % {"share": share}},
        {"label": _("有超时的社区"), "value": sum(1 for one in standings if one.late and one.area), "url": _here(AREAS, None)},
    ]
