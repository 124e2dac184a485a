"""Every address of the product from its own resolver, filled with what the demonstration holds, and who can open it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver

from gongzhi.demo.district import district
from tests.journeys.people import Person

MOST = 6
"""Cases of each list that are tried: some page opens only for a case that has come far enough."""
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass
class Walk:
    """What the walk over all addresses found: pages by person, and addresses that nobody could open."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    unopened: list[str] = field(default_factory=list)


def routes(patterns: Iterable[URLPattern | URLResolver] | None = None, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and route of every named address, Django's admin apart: its pages are Django's."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from routes(one.url_patterns, route, f"{one.namespace}:" if one.namespace else space)
        elif one.name:
            yield space + one.name, route


def fillings(people: dict[str, Person]) -> dict[str, list[str]]:
    """Values for the parameters of addresses, as these people find them on their pages."""
    drawn = district("small")
    pages = {
        "resident": ("/mine/",),
        "dispatcher": ("/desk/", "/desk/?state=reported"),
        "gridworker": ("/today/",),
        "": ("/nearby/",),
        "clerk": ("/desk/?open=no",),
        "leader": ("/whistles/?tab=all",),
    }
    held = {(name, path): _text(people[name], path) for name, paths in pages.items() for path in paths}
    codes = [code for text in held.values() for code in list(dict.fromkeys(re.findall(r"/([A-Z]{2}-[\w-]+)/", text)))[:MOST]]
    notices = re.findall(r"/notices/(\d+)", _text(people["resident"], "/notices"))
    tokens = re.findall(r"/sheets/(?:import/)?([\w-]{8,})", people["clerk"].page.url)
    return {
        "code": [*dict.fromkeys(codes), "lamp-out", "530302", "530302001"],
        "name": ["returned", "dispatch", "notice", "rate"],
        "tag": [drawn.facilities[0].tag, drawn.compounds[0].tag],
        "token": tokens,
        "pk": notices[:1],
        "place_id": ["1", "2"],
        "status": ["404"],
        "form": ["json"],
        "spec_name": ["cases.messages"],
        "what": ["grids", "points"],
        "variant": ["thumb"],
    }


def _text(person: Person, path: str) -> str:
    return person.context.request.get(person.base + path).text()


def filled(route: str, values: dict[str, list[str]]) -> list[str]:
    """The addresses of a route with every combination of what is known for its parameters."""
    names = [name for _kind, name in PARAMETER.findall(route)]
    found = []
    for combination in itertools.product(*(values.get(name, ["1"]) for name in names)):
        given = iter(combination)
        found.append("/" + PARAMETER.sub(lambda _match, given=given: next(given), route))  # type: ignore[misc]
    return found


def walk(people: dict[str, Person], everyone: frozenset[str], without: frozenset[str]) -> Walk:
    """Ask for every address as each person until somebody gets a page; those in `everyone` are looked at by each."""
    values, found = fillings(people), Walk()
    for name, route in routes():
        if name in without:
            continue
        openers = list(_openers(filled(route, values), people, name in everyone))
        for person, path in openers:
            if path:
                found.pages.setdefault(person, []).append(path)
        if not openers:
            found.unopened.append(name)
    return found


def _openers(paths: list[str], people: dict[str, Person], all_of_them: bool) -> Iterator[tuple[str, str]]:
    """Who gets a page at which of these addresses; a file, data or an address that only takes a POST counts with no path."""
    for name, person in people.items():
        for path in paths:
            kind = _kind(person, path)
            if kind:
                yield name, path if kind == "page" else ""
                if kind != "page" or not all_of_them:
                    return
                break


def _kind(person: Person, path: str) -> str:
    answer = person.context.request.get(person.base + path, max_redirects=0)
    if answer.status == 405:
        return "act"
    if answer.status != 200:
        return ""
    # What htmx puts into a page is seen, and looked at, in that page.
    return "page" if answer.headers.get("content-type", "").startswith("text/html") and "<html" in answer.text() else "file"
