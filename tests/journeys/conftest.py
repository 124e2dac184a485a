"""What journeys share: one instance per worker, people with browsers of their own, and pictures of what they saw."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.instance import ROOT, copied, serving
from tests.journeys.people import PHONE, Person, Size, draw_photo


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The address of a running demonstration district; GONGZHI_JOURNEYS_AT names one that runs already (while writing a journey)."""
    if running := os.environ.get("GONGZHI_JOURNEYS_AT"):
        yield running
        return
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if worker_id != "master" else base) / "journeys"
    server = os.environ.get("DATABASE_URL", "")
    with serving(*copied(shared, worker_id, server)) as url:
        yield url


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where the pictures of this run go."""
    folder = ROOT / "build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph as a phone takes one, drawn here."""
    return draw_photo(tmp_path_factory.mktemp("photo") / "lamp.jpg")


Open = Callable[..., Person]


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """The cookies of who has signed in already, by name: each person signs in once through the page."""
    return {}


@pytest.fixture
def person(browser: Browser, instance: str, pictures: Path, signed_in: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open a browser of somebody's own: `person("dispatcher", DESK)`; nobody's name makes a guest. Nothing may go wrong in it."""
    people: list[Person] = []
    journey = request.node.name.removeprefix("test_").split("[")[0].replace("_", "-")

    def open_browser(name: str = "", size: Size = PHONE, at: tuple[float, float] | None = None) -> Person:
        context = browser.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True, storage_state=signed_in.get(name)
        )  # type: ignore[arg-type]
        if at:
            context.grant_permissions(["geolocation"])
            context.set_geolocation({"longitude": at[0], "latitude": at[1]})
        context.set_default_timeout(8000)
        people.append(Person(context, instance, pictures, journey, size))
        if name and name not in signed_in:
            people[-1].sign_in(name)
            signed_in[name] = {**context.storage_state(), "origins": []}
        return people[-1]

    yield open_browser
    trouble = [one for somebody in people for one in somebody.trouble]
    for somebody in people:
        somebody.context.close()
    assert not trouble, "\n".join(trouble)
