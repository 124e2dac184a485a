"""The demonstration cast on the sign-in page, in demo mode only, grouped by where one serves."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongzhi.accounts.queries import list_demo_users
from gongzhi.demo import names

register = template.Library()


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast: ``title`` says what can be seen by signing in so."""

    username: str
    title: str
    name: str


@register.simple_tag
def demo_cast() -> list[tuple[str, list[Member]]]:
    """Who can be signed in as with one tap, by group; nobody outside demo mode."""
    if not settings.GONGZHI_DEMO:
        return []
    rows = names.rows("demo_cast")
    known = list_demo_users(row["username"] for row in rows)
    title = "title_en" if get_language() == "en" else "title_zh"
    groups = {
        "home": _("居民"),
        "grid": _("网格和物业"),
        "community": _("社区和村"),
        "street": _("街道和镇"),
        "district": _("区里"),
    }
    found: dict[str, list[Member]] = {key: [] for key in groups}
    for row in rows:
        if row["username"] in known:
            found[_group(row)].append(Member(row["username"], row[title], row["name"]))
    return [(groups[key], members) for key, members in found.items() if members]


@register.simple_tag
def demo_password() -> str:
    """The same for all of them."""
    return names.PASSWORD


def _group(row: dict[str, str]) -> str:
    if not row["role"]:
        return "home"
    return {"group": "grid", "village": "community", "town": "street"}.get(row["place"], row["place"])
