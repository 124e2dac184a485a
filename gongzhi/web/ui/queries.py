"""The query string of a page: filters live in the URL, so that a view can be kept and sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

CURSORS = ("after", "before")  # a place in the list: worthless once the list changes


def page_query(request: HttpRequest | None, changes: Mapping[str, object]) -> str:
    """The current query with *changes* (None removes, a list repeats), without the cursors; begins with ``?``."""
    params = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key in CURSORS:
        params.pop(key, None)
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        elif isinstance(value, list | tuple):
            params.setlist(key, [str(one) for one in value])
        else:
            params[key] = str(value)
    return "?" + params.urlencode()


@dataclass(frozen=True)
class Chip:
    """One filter value as a link that puts it on or takes it off."""

    text: str
    url: str
    on: bool
    count: int | None


@dataclass(frozen=True)
class ChipGroup:
    """The values of one filter."""

    key: str
    label: str
    chips: tuple[Chip, ...]
    flat: bool

    @property
    def chosen(self) -> tuple[Chip, ...]:
        """The values that are on."""
        return tuple(chip for chip in self.chips if chip.on)


def pick(item: Any, name: str, default: Any = None) -> Any:
    """``item[name]`` of a dict, ``item.name`` of anything else."""
    if isinstance(item, Mapping):
        return item.get(name, default)
    return getattr(item, name, default)


def chip_groups(request: HttpRequest | None, groups: Iterable[Any]) -> list[ChipGroup]:
    """Turn the page's description of its filters into links."""
    return [_group(request, group) for group in groups]


def _group(request: HttpRequest | None, group: Any) -> ChipGroup:
    key, multi = pick(group, "key"), bool(pick(group, "multi", False))
    now = request.GET.getlist(key) if request is not None else []
    chips = tuple(_chip(request, key, option, now, multi) for option in pick(group, "options", ()))
    return ChipGroup(key=key, label=pick(group, "label"), chips=chips, flat=bool(pick(group, "flat", False)))


def _chip(request: HttpRequest | None, key: str, option: Any, now: list[str], multi: bool) -> Chip:
    value = str(pick(option, "value"))
    on = value in now
    if multi:
        values = [one for one in now if one != value] if on else [*now, value]
        url = page_query(request, {key: values or None})
    else:
        url = page_query(request, {key: None if on else value})
    return Chip(text=pick(option, "text"), url=url, on=on, count=pick(option, "count"))
