"""Lists: filters, search, pages, tabs, batch acts, dialogs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from gongzhi.web.ui import queries

register = template.Library()


@register.simple_tag(takes_context=True)
def page_query(context: Context, **changes: object) -> str:
    """The page's query string with changes, back at the first page."""
    return queries.page_query(context.get("request"), changes)


@register.inclusion_tag("components/filter_chips.html", takes_context=True)
def filter_chips(context: Context, groups: Iterable[Any]) -> dict[str, Any]:
    """Filters as links."""
    built = queries.chip_groups(context.get("request"), groups)
    clear = queries.page_query(context.get("request"), {group.key: None for group in built})
    return {"groups": built, "clear_url": clear, "any": any(group.chosen for group in built)}


@register.inclusion_tag("components/search_box.html", takes_context=True)
def search_box(context: Context, name: str = "q", placeholder: str = "") -> dict[str, Any]:
    """A search in this list; the other filters stay."""
    request = context.get("request")
    given = list(request.GET.lists()) if request else []
    kept = [(key, one) for key, values in given for one in values if key not in (name, *queries.CURSORS)]
    return {"name": name, "value": request.GET.get(name, "") if request else "", "kept": kept, "hint": placeholder}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Forward and back by key, not by number: it never skips a row when rows are added."""
    request = context.get("request")
    links = {
        name: queries.page_query(request, {key: cursor})
        for name, key in (("previous", "before"), ("next", "after"))
        if (cursor := queries.pick(page, name))
    }
    return {"links": links, "total": queries.pick(page, "total"), "shown": queries.pick(page, "shown")}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Any]) -> dict[str, Any]:
    """Faces of one page, each with its own address."""
    return {"items": items}


@register.inclusion_tag("components/similar_cards.html", takes_context=True)
def similar_cards(context: Context, items: Iterable[Any]) -> dict[str, Any]:
    """What others have already reported here."""
    return {"items": items, "csrf_token": context.get("csrf_token")}


@register.simple_block_tag
def batch_bar(content: SafeString, form_id: str) -> SafeString:
    """What may be done with the ticked rows."""
    return render_to_string("components/batch_bar.html", {"content": content, "form_id": form_id})


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: str) -> SafeString:
    """A native dialog."""
    return render_to_string("components/dialog.html", {"content": content, "id": id, "title": title})
