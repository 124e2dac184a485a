"""In English no page shows a sentence of the catalogue in Chinese: a word that was fixed at import, stored, or never marked shows here."""

from __future__ import annotations

import gettext
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path, PurePath
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve

from gongzhi.cases import actions
from gongzhi.cases.models import Case
from gongzhi.kernel import caches, clock
from gongzhi.web import wording
from tests.cast import Town
from tests.once import once

pytestmark = pytest.mark.django_db
ROLES = (
    "",
    "resident",
    "grid_worker",
    "clerk",
    "dispatcher",
    "handler",
    "checker",
    "approver",
    "adjudicator",
    "supervisor",
    "leader",
    "operator",
)
CHINESE = re.compile(r"[一-鿿]")
SHOWN = ("aria-label", "title", "placeholder", "alt")
MOST = 80
"""Pages opened per person."""
NOT_OURS = ("/admin/", "/static/", "/api/", "/open311/", "/styleguide", "/accounts/logout")


class Page(HTMLParser):
    """The words that a page shows, and where it leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.said += [given[name] or "" for name in SHOWN if given.get(name)]
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")

    def handle_data(self, data: str) -> None:
        self.said.append(" ".join(data.split()))


@pytest.fixture(scope="module")
def sentences() -> dict[str, str]:
    """Each sentence of the catalogue that is Chinese there and is not in English."""
    with (Path(settings.LOCALE_PATHS[0]) / "en" / wording.PO.with_suffix(".mo")).open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {said: text for said, text in catalogue.items() if isinstance(said, str) and CHINESE.search(said) and not CHINESE.search(text)}


def pattern_of(path: str) -> str:
    """The address without its parameters, so that of many pages alike one is opened."""
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    code = found.kwargs.get("code")
    state = Case.objects.filter(code=code).values_list("state", flat=True).first() if code else ""
    return f"{found.view_name} {state}"


def crawl(town: Town, name: str) -> dict[str, Page]:
    """Every page this person can come to by links, one of each kind."""
    from django.test import Client

    client = town.client(name) if name else Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    todo, seen, pages = ["/", "/desk/", "/today/", "/mine/", "/notices"], set(), {}
    while todo and len(pages) < MOST:
        here = todo.pop(0)
        path = urlsplit(here).path
        kind = pattern_of(path)
        if not kind or kind in seen or path.startswith(NOT_OURS) or PurePath(path).suffix:  # papers, sheets and pictures are files
            continue
        seen.add(kind)
        answer = client.get(here, follow=True)
        if answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html"):
            pages[here] = Page(answer.content.decode())
            todo += [link for link in (urljoin(here, raw) for raw in pages[here].links) if link.startswith("/")]
    return pages


def live(town: Town) -> None:
    """Something on every page: cases in several states, requests, notices, an answer, a refusal."""
    for state in ("accepted", "dispatched", "in_hand", "reported", "checked", "closed", "rated", "reopened"):
        town.drive(town.case(), to=state)
    town.case()
    actions.refuse(case=town.case(), by=town.actor("dispatcher"), ground="not_ours", note="不归这里管")
    actions.send_back(case=town.drive(town.case(), "dispatched"), by=town.actor("handler"), reason="不是我们的")
    held = town.drive(town.case(), "in_hand")
    actions.ask_for(case=held, by=town.actor("handler"), kind="suspend", reason="等材料", until=clock.today() + timedelta(days=3))


@once
def test_no_sentence_of_the_catalogue_is_left_in_chinese(town: Town, sentences: dict[str, str]) -> None:
    live(town)
    written = {category.name for category in town.categories.values()} | set(Case.objects.values_list("description", flat=True))
    todo = sentences.keys() - written
    opened = {name: crawl(town, name) for name in ROLES}
    wrong = {f"{path}: {said}" for pages in opened.values() for path, page in pages.items() for said in page.said if said in todo}
    assert not wrong, "\n".join(sorted(wrong))
    assert min(map(len, opened.values())) > 4
    assert len(opened["dispatcher"]) > 15


def test_rows_of_the_town_speak_their_own_english(town: Town) -> None:
    client = town.client("resident")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    asked = client.get("/report/questions/", {"category": "noise"}).content.decode()
    assert "When?" in asked
    assert "Night" in asked
    assert not CHINESE.search(asked)
    town.categories["lamp"].routingrule_set.update(why_en="Lamps belong to the lighting office")
    caches.touch("catalogue")
    case = town.drive(town.case(), "dispatched")
    desk = town.client("dispatcher")
    assert "路灯归路灯管理所" in desk.get(f"/desk/cases/{case.code}/").content.decode()
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Lamps belong to the lighting office" in desk.get(f"/desk/cases/{case.code}/").content.decode()
