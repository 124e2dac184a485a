"""The inbox's filters, read from the URL and shown as chips; saved views are links that set them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case
from gongzhi.cases.queries import Filters
from gongzhi.cases.workflow import OPEN, State
from gongzhi.community.actors import Actor
from gongzhi.community.directory import bodies
from gongzhi.community.territory import LEVEL_FIELDS, Node, territory

TODO: dict[str, tuple[State, ...]] = {
    "clerk": (State.REGISTERED,),
    "dispatcher": (State.REGISTERED, State.ACCEPTED, State.RETURNED, State.REOPENED),
    "secretary": (State.REGISTERED, State.ACCEPTED, State.RETURNED, State.REOPENED),
    "handler": (State.DISPATCHED, State.IN_HAND),
    "steward": (State.DISPATCHED, State.IN_HAND),
    "checker": (State.REPORTED, State.CHECKED),
    "adjudicator": (State.DISPUTED,),
}
"""The states in which a case waits for a role. An approver's list is that of open requests."""
MOST_BODIES = 60


def read(request: HttpRequest) -> tuple[Filters, list[str]]:
    """The filters of the URL, and a sentence for each one that means nothing (it is then left out)."""
    get, wrong = request.GET, list[str]()
    states = tuple(one for one in get.getlist("state") if one in State.values)
    words = get.get("q", "").strip()[:100]
    node = territory().by_code.get(get.get("place", ""))
    filters = Filters(
        states=states,
        is_open=_standing(get.get("open", ""), words, states),
        category_code=get.get("category", ""),
        place_id=node.id if node else None,
        place_field=LEVEL_FIELDS.get(node.rung or "", "place_id") if node else "",
        body_id=_whole(get.get("body", "")),
        channel=get.get("channel", "") if get.get("channel") in Case.Channel.values else "",
        late=bool(get.get("late")),
        at_risk=bool(get.get("risk")),
        found_by_us=bool(get.get("ours")),
        not_located=bool(get.get("nowhere")),
        words=words,
        since=_day(get.get("since", ""), wrong),
        until=_day(get.get("until", ""), wrong),
        ended_since=_day(get.get("ended", ""), wrong),
    )
    return filters, wrong


def _standing(chosen: str, words: str, states: tuple[str, ...]) -> bool | None:
    """Open ones unless told otherwise; a search and a choice of states look through all of them."""
    if chosen in ("yes", "no"):
        return chosen == "yes"
    if states:
        return True if all(one in OPEN for one in states) else None
    return None if words or chosen == "all" else True


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str, wrong: list[str]) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        wrong.append(_("日期“%(text)s”没有认出来，请写成 2026-11-23 这样。") % {"text": text[:20]})
        return None


def groups(actor: Actor, filters: Filters) -> list[dict[str, Any]]:
    """The filters as `{% filter_chips %}` takes them."""
    found = [
        _group("state", _("进展"), ((one.value, one.label) for one in State), multi=True),
        _group("category", _("类别"), ((row.code, row.label) for row in _categories(filters.category_code))),
        _group("place", _("区域"), ((node.code, node.label) for node in _areas(actor, filters.place_id))),
        _group("body", _("承办单位"), _bodies(actor)),
        _group("channel", _("来源"), ((one.value, one.label) for one in Case.Channel)),
        _group("open", _("范围"), (("yes", _("未办结")), ("no", _("已结束")), ("all", _("全部")))),
    ]
    return [group for group in found if group["options"]]


def _group(key: str, label: str, options: Iterable[tuple[Any, Any]], *, multi: bool = False) -> dict[str, Any]:
    rows = [{"value": value, "text": text, "count": None} for value, text in options]
    return {"key": key, "label": label, "options": rows, "multi": multi, "flat": False}


def _categories(chosen: str) -> list[Any]:
    """One level at a time: the top ones, or those under the one chosen and it."""
    held = catalogue()
    row = held.by_code.get(chosen)
    below = held.children.get(row.pk if row else None, [])
    return [*([row] if row else []), *(below or (held.children.get(row.parent_id, []) if row else []))]


def _areas(actor: Actor, chosen: int | None) -> list[Node]:
    """One level at a time too: under the place chosen, else under the places of the actor's posts."""
    held = territory()
    if chosen in held.nodes:
        node = held.nodes[chosen]
        return [node, *_under(chosen)]
    return [node for place_id in dict.fromkeys(post.place_id for post in actor.held) for node in _under(place_id)]


def _under(place_id: int) -> list[Node]:
    return [node for node in territory().children.get(place_id, []) if node.rung]


def _bodies(actor: Actor) -> list[tuple[int, str]]:
    """Bodies of the actor's areas and above them; who sees only his own body's cases has nothing to choose."""
    areas = [post.place_id for post in actor.held if post.reach == "place"]
    ids = {node.id for area in areas for node in (*territory().up(area), *_under(area))}
    return [(row.pk, row.label) for row in bodies().values() if row.is_active and row.place_id in ids][:MOST_BODIES]


def todo_states(actor: Actor) -> tuple[str, ...]:
    """The states that wait for somebody with these posts."""
    return tuple(dict.fromkeys(state.value for role in sorted(actor.roles()) for state in TODO.get(role, ())))


def saved_views(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    """The presets of this person as `{% tabs %}` takes them: each is a link."""
    todo, roles = todo_states(actor), actor.roles()
    disputed = [("state", State.DISPUTED.value)]
    rules_on = bool(roles & {"adjudicator", "dispatcher", "secretary"}) and todo != (State.DISPUTED.value,)
    rows: list[tuple[str, list[tuple[str, str]]]] = [
        (_("我的待办") if todo else "", [("state", one) for one in todo]),
        (_("待审批") if "approver" in roles else "", [("awaiting", "1")]),
        (_("待裁定") if rules_on else "", disputed),
        (_("待抽查") if "checker" in roles else "", [("drawn", "1")]),
        (_("未办结"), []),
        (_("快到期"), [("risk", "1")]),
        (_("已超时"), [("late", "1")]),
        (_("未定位"), [("nowhere", "1")]),
        (_("主动发现"), [("ours", "1")]),
        (_("已结束"), [("open", "no")]),
    ]
    here = {(key, value) for key, values in request.GET.lists() for value in values if key != "after"}
    url = reverse("cases:inbox")
    return [
        {"text": text, "url": f"{url}?{urlencode(query)}" if query else url, "active": set(query) == here, "count": None}
        for text, query in rows
        if text
    ]
