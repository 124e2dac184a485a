"""The big screen of an area: six figures, the map of its grids, the clocks that run out next, ninety days."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case
from gongzhi.community.actors import Actor, actor_of
from gongzhi.community.levels import GRID
from gongzhi.community.territory import Node, territory
from gongzhi.insight import geo, queries, rules
from gongzhi.insight.queries import Board, Change
from gongzhi.kernel import clock
from gongzhi.kernel.errors import Missing, NotAllowed

ROUND = 600
"""Seconds after which the screen is drawn again although nothing happened: the clocks on it have moved."""
FULLEST = 2
"""Areas named beside the clocks: those with the most open cases."""
FEW = 10
"""Cases below which a share moves by chance: its n of m is shown, its change is not."""
MOST_NAMES = 60
"""Polygons a map can name legibly; on a fuller one only those with open cases say their name."""


@require_GET
def home(request: HttpRequest) -> HttpResponseBase:
    """The board of the widest area of one's posts."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    by = actor_of(request.user)
    node = rules.home_of(by)
    if node is None:
        raise NotAllowed()
    return _show(request, by, node)


@require_GET
def area(request: HttpRequest, code: str) -> HttpResponseBase:
    """The board of one area; a foreign one and one that does not exist answer alike."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    by = actor_of(request.user)
    return _show(request, by, _area(by, code))


@require_GET
def areas(request: HttpRequest, code: str) -> HttpResponse:
    """The map of an area as GeoJSON polygons with their open and late cases."""
    by = actor_of(request.user)
    node = _area(by, code)
    counts, late = queries.counts_below(node)
    parts = geo.parts_of(node)
    full = len(parts) > MOST_NAMES
    text = geo.features(
        parts,
        counts=counts,
        late=late,
        name=lambda one: _short(node, one) if counts.get(one.id) or not full else "",
        url=lambda one: _next(by, node, one),
    )
    response = HttpResponse(text, content_type="application/geo+json")
    response["Cache-Control"] = "private, no-store"
    return response


def _area(by: Actor, code: str) -> Node:
    if not rules.has_board(by):
        raise NotAllowed()
    node = territory().by_code.get(code)
    if node is None or not rules.is_area(node) or not rules.may_see(by, node):
        raise Missing()
    return node


def _show(request: HttpRequest, by: Actor, node: Node) -> HttpResponse:
    board = queries.board_of(node)
    clocks = queries.list_running_out(by, node)
    stamp = _stamp(board, clocks)
    if request.headers.get("HX-Request") and request.GET.get("seen"):
        return _again(request.GET["seen"] == stamp)
    return render(request, "insight/board.html", _context(by, node, board, clocks) | {"stamp": stamp})


def _again(same: bool) -> HttpResponse:
    """The screen asks each minute whether anything happened: nothing answers 204, something draws the page again."""
    response = HttpResponse(status=204)
    if not same:
        response["HX-Refresh"] = "true"
    return response


def _stamp(board: Board, clocks: list[Case]) -> str:
    said = (board.open_by_place, board.late_by_place, board.days, board.rated, board.in_time, [case.code for case in clocks])
    return hashlib.sha256(f"{said}{int(board.as_of.timestamp()) // ROUND}".encode()).hexdigest()[:16]


def _context(by: Actor, node: Node, board: Board, clocks: list[Case]) -> dict[str, Any]:
    above = territory().nodes.get(node.parent_id) if node.parent_id else None
    while above and not rules.is_area(above):
        above = territory().nodes.get(above.parent_id) if above.parent_id else None
    parts = [_part(by, node, one, board) for one in geo.children_of(node)]
    return {
        "area": node,
        "name": territory().address_of(node.id) or node.label,
        "board": board,
        "up": above if above and rules.may_see(by, above) else None,
        "figures": _figures(board, _Lists(node, rules.may_open_lists(by))),
        "clocks": [_clock(by, case) for case in clocks],
        "parts": parts,
        "fullest": sorted((one for one in parts if one["open"]), key=lambda one: -one["open"])[:FULLEST],
        "chart": _chart(board) if board.has_days else None,
    }


class _Lists:
    """Addresses of the inbox narrowed to the area; empty for who may not open it."""

    def __init__(self, node: Node, allowed: bool) -> None:
        self.node, self.allowed = node, allowed

    def __call__(self, *query: tuple[str, str]) -> str:
        return f"{reverse('cases:inbox')}?{urlencode([('place', self.node.code), *query])}" if self.allowed else ""


def _figures(board: Board, to: _Lists) -> list[dict[str, Any]]:
    """The six figures as `{% stat %}` takes them."""
    week = (clock.today() - dt.timedelta(days=6)).isoformat()
    ended = (("state", "closed"), ("state", "rated"), ("ended", week))
    share = _percent(board.late_now, board.open_now)
    standing = [
        _moved(_("未办结"), board.standing, to(), good="down"),
        _moved(_("已超时"), board.standing_late, to(("late", "1")), good="down") | {"unit": _("占未办结 %(share)s") % {"share": share}},
    ]
    if not board.has_days:
        return standing
    return [
        *standing,
        _moved(_("7天登记"), board.registered, to(("open", "all"), ("since", week))),
        _moved(_("7天办结"), board.closed, to(*ended), good="up"),
        _share(_("7天按时办结"), board.in_time, board.closed, to(*ended)),
        _share(_("7天满意"), board.satisfied, board.rated, to(("state", "rated"), ("ended", week))),
    ]


def _moved(label: str, change: Change, url: str, *, good: str = "") -> dict[str, Any]:
    return {"label": label, "value": change.now, "url": url, "change": change.difference, "good": good}


def _share(label: str, part: Change, whole: Change, url: str) -> dict[str, Any]:
    """A share with its n of m; the change, in percentage points, is only said when neither week is too small to mean anything."""
    both = min(whole.now, whole.before or 0) >= FEW
    change = round(100 * (part.now / whole.now - (part.before or 0) / (whole.before or 1)), 1) if both else None
    unit = _("%(part)s/%(whole)s件") % {"part": part.now, "whole": whole.now}
    return {"label": label, "value": _percent(part.now, whole.now), "url": url, "good": "up", "unit": unit, "change": change}


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole, 1):g}%" if whole else "—"


def _clock(by: Actor, case: Case) -> dict[str, Any]:
    """A line of the clocks: number, category and place; the words of the case stay at the desk."""
    node = territory().nodes.get(case.place_id or 0)
    names = territory().address_of(node.keys.get(GRID, node.id)).split(" · ") if node else []
    return {
        "code": case.code,
        "category": catalogue().label(case.category_id) or _("未分类"),
        "place": " · ".join(names[-2:]),
        "due": case.resolve_due,
        "since": case.clock_from,
        "working": case.resolve_unit.startswith("working"),
        "url": reverse("cases:desk_case", args=[case.code]) if rules.may_open_lists(by) else "",
    }


def _part(by: Actor, area: Node, node: Node, board: Board) -> dict[str, Any]:
    """One area a step below, as a line of the table behind the map."""
    return {
        "name": node.label,
        "url": _next(by, area, node),
        "open": board.open_by_place.get(node.id, 0),
        "late": board.late_by_place.get(node.id, 0),
    }


def _next(by: Actor, area: Node, node: Node) -> str:
    """Where a click leads: one step down; from a grid to its list, for who may open lists."""
    step = geo.step_towards(area, node)
    if area.rung == GRID:
        return _Lists(area, rules.may_open_lists(by))()
    return reverse("insight:area", args=[step.code])


def _short(area: Node, node: Node) -> str:
    """The name on the map: a grid far below its community says which community it is of."""
    names = territory().address_of(node.id).split(" · ")
    own = len(territory().address_of(area.id).split(" · ")) if area.parent_id else 0
    return " ".join(names[own:][-2:]) or node.label


def _chart(board: Board) -> dict[str, Any]:
    return {
        "legend": {},
        "xAxis": {"type": "category", "data": [f"{day.month}/{day.day}" for day, _in, _out in board.days]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"name": _("登记"), "type": "line", "data": [count for _day, count, _out in board.days]},
            {"name": _("办结"), "type": "line", "data": [count for _day, _in, count in board.days]},
        ],
    }
