"""What journeys share: one instance per worker, people with browsers of their own, and pictures of what they saw."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

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


@dataclass
class Wall:
    """The clock on the wall of an instance of one's own: time passes when the journey says so."""

    url: str
    file: Path
    ahead: float = 0

    def pass_by(self, **time: float) -> None:
        """Let time pass: minutes, hours, days, and the worker see it. The file changes at once or not at all: it is read meanwhile."""
        self.ahead += dt.timedelta(**time).total_seconds()
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(self.ahead))
        fresh.replace(self.file)
        sleep(2.5)  # the worker looks every second

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.ahead)

    def typed(self, **time: float) -> str:
        """A moment from now, as one types it into a field."""
        return (self.now() + dt.timedelta(**time)).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Wall]:
    """An instance for this module alone, in which days can pass; the module's `instance` is `wall.url`."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if worker_id != "master" else base) / "journeys"
    folder, database = copied(shared, f"{worker_id}-{uuid4().hex[:8]}", os.environ.get("DATABASE_URL", ""))
    with serving(folder, database) as url:
        yield Wall(url, folder / "ahead")


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
def signed_in() -> dict[tuple[str, str], Any]:
    """The cookies of who has signed in already, by instance and name: each person signs in once through the page."""
    return {}


@pytest.fixture
def person(
    browser: Browser, instance: str, pictures: Path, signed_in: dict[tuple[str, str], Any], request: pytest.FixtureRequest
) -> Iterator[Open]:
    """Open a browser of somebody's own: `person("dispatcher", DESK)`; nobody's name makes a guest. Nothing may go wrong in it."""
    people: list[Person] = []
    journey = request.node.name.removeprefix("test_").split("[")[0].replace("_", "-")

    def open_browser(name: str = "", size: Size = PHONE, at: tuple[float, float] | None = None) -> Person:
        context = browser.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True, storage_state=signed_in.get((instance, name))
        )  # type: ignore[arg-type]
        if at:
            context.grant_permissions(["geolocation"])
            context.set_geolocation({"longitude": at[0], "latitude": at[1]})
        context.set_default_timeout(8000)
        people.append(Person(context, instance, pictures, journey, size))
        if name and (instance, name) not in signed_in:
            people[-1].sign_in(name)
            signed_in[instance, name] = {**context.storage_state(), "origins": []}
        return people[-1]

    yield open_browser
    trouble = [one for somebody in people for one in somebody.trouble]
    for somebody in people:
        somebody.context.close()
    assert not trouble, "\n".join(trouble)
