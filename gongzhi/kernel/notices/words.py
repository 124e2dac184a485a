"""The words of each kind of notice, made when somebody reads it, in that reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Fill = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    title: Text
    body: Text
    url: str
    fill: Fill | None


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str


_kinds: dict[str, Kind] = {}
_UNKNOWN = Kind(_("您有一条新消息"), _("请打开平台查看。"), "", None)


def register(kind: str, *, title: Text, body: Text, url: str = "", fill: Fill | None = None) -> None:
    """Say the words of a kind, in `AppConfig.ready()`.

    `title` and `body` are lazily translated templates with `%(name)s`; `url` is a path of the same form. `fill` turns
    stored params into words when they are read (a state's code into its name in the reader's language).
    """
    _kinds[kind] = Kind(title, body, url, fill)


def words(kind: str, params: Mapping[str, Any]) -> Words:
    """Title and body in the language in force. An unknown kind still says something."""
    known = _kinds.get(kind, _UNKNOWN)
    values = _Values(known.fill(params) if known.fill else params)
    return Words(str(known.title) % values, str(known.body) % values)


def path_of(kind: str, params: Mapping[str, Any]) -> str:
    """Where the notice leads, fixed when it is written."""
    known = _kinds.get(kind, _UNKNOWN)
    return known.url % _Values(params)


class _Values(dict[str, Any]):
    """A param that an older version of the program did not store is left blank."""

    def __missing__(self, name: str) -> str:
        return ""
