"""Where a person can go: one table of duties, filtered by the posts held today and by the pages that exist.

An item whose page has not been built yet (its url name does not resolve) is left out: no dead link is ever shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.community.actors import Actor, actor_of

RESIDENT, GRID, DESK = "resident", "grid", "desk"

Permission = Callable[[Actor], bool]
Badge = Callable[[HttpRequest], int | None]


def everyone(actor: Actor) -> bool:
    """Open to all."""
    return True


def roles(*wanted: str) -> Permission:
    """Open to who holds one of these roles today."""

    def may(actor: Actor) -> bool:
        return not actor.roles().isdisjoint(wanted)

    return may


def no_badge(request: HttpRequest) -> int | None:
    """No count beside the word."""
    return None


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place to go. ``raised``: the one act in the middle of the phone's bar."""

    key: str
    label: str | Promise
    url_name: str
    icon: str
    may: Permission = everyone
    badge: Badge = no_badge
    order: int = 0
    raised: bool = False


@dataclass(frozen=True, slots=True)
class NavLink:
    """An item as this request sees it."""

    key: str
    label: str
    url: str
    icon: str
    active: bool
    badge: int | None
    raised: bool


_items: dict[str, dict[str, NavItem]] = {RESIDENT: {}, GRID: {}, DESK: {}}


def register(*, area: str, item: NavItem) -> None:
    """Add *item* to *area*; the same key again replaces it."""
    _items[area][item.key] = item


def links(request: HttpRequest, area: str) -> list[NavLink]:
    """The links of *area* for this person, in order. The active one is the longest address that begins this path."""
    actor = actor_of(getattr(request, "user", None))
    found = []
    for item in sorted(_items[area].values(), key=lambda one: one.order):
        url = address(item.url_name)
        if url and item.may(actor):
            found.append((item, url))
    here = max((url for _item, url in found if _begins(request.path, url)), key=len, default=None)
    return [_link(request, item, url, url == here) for item, url in found]


def _link(request: HttpRequest, item: NavItem, url: str, active: bool) -> NavLink:
    return NavLink(item.key, str(item.label), url, item.icon, active, item.badge(request), item.raised)


def _begins(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def address(url_name: str) -> str | None:
    """The address of a page, None while it does not exist."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def phone_area(request: HttpRequest) -> str:
    """Grid workers have their own bar; everybody else is a resident on the phone."""
    return GRID if "grid_worker" in actor_of(getattr(request, "user", None)).roles() else RESIDENT


def _table() -> None:
    """The rooms' pages by duty. Roles are those of ``community.policy``."""
    for area, item in (
        (RESIDENT, NavItem("home", _("首页"), "web:home", "home", order=10)),
        (RESIDENT, NavItem("nearby", _("身边"), "cases:nearby", "map-pin", order=20)),
        (RESIDENT, NavItem("report", _("反映"), "cases:report", "message-plus", order=30, raised=True)),
        (RESIDENT, NavItem("talks", _("议事"), "deliberation:index", "messages", order=40)),
        (RESIDENT, NavItem("mine", _("我的"), "cases:mine", "user", order=50)),
        (GRID, NavItem("today", _("今日"), "cases:today", "list-check", order=10)),
        (GRID, NavItem("nearby", _("身边"), "cases:nearby", "map-pin", order=20)),
        (GRID, NavItem("report", _("上报"), "cases:found", "camera", order=30, raised=True)),
        (GRID, NavItem("labels", _("二维码"), "cases:labels", "qrcode", order=40)),
        (GRID, NavItem("mine", _("我的"), "cases:mine", "user", order=50)),
    ):
        register(area=area, item=item)
    intake = roles("clerk", "dispatcher", "secretary")
    handling = roles("clerk", "dispatcher", "handler", "steward", "checker", "secretary", "approver", "adjudicator")
    watching = roles("supervisor", "leader")

    def desk(actor: Actor) -> bool:
        return handling(actor) or watching(actor)

    def reading(actor: Actor) -> bool:
        return handling(actor) or "supervisor" in actor.roles()

    for order, (key, label, url_name, icon, may) in enumerate(
        (
            ("inbox", _("收件"), "cases:inbox", "inbox", reading),
            ("dispatch", _("派遣"), "cases:dispatch_board", "send", roles("dispatcher", "clerk", "secretary")),
            ("whistles", _("吹哨"), "whistles:index", "speakerphone", desk),
            ("today", _("外勤"), "cases:today", "list-check", roles("handler", "steward", "checker")),
            ("registers", _("台账"), "cases:registers", "books", reading),
            ("import", _("导入"), "cases:import", "file-import", intake),
            ("supervision", _("督办"), "cases:supervision", "eye-check", roles("supervisor", "leader", "approver")),
            ("board", _("统计"), "insight:board", "chart-bar", desk),
            ("calendar", _("日历"), "cases:calendar", "calendar", roles("operator", "supervisor")),
            ("places", _("区域"), "community:places", "map-2", roles("operator")),
            ("labels", _("二维码"), "cases:labels", "qrcode", roles("operator", "secretary", "steward")),
            ("admin", _("设置"), "admin:index", "settings", roles("operator")),
        )
    ):
        register(area=DESK, item=NavItem(key, label, url_name, icon, may, order=order * 10))


_table()
