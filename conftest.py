"""Fixtures every test can use. The database is SQLite or PostgreSQL as DATABASE_URL says (`tests/run.py`)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from tests.kernel.flushing import audit_lets_flush_pass
from tests.once import ON_POSTGRES

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.cast import Town


__all__ = ["audit_lets_flush_pass"]

# Playwright keeps an event loop running in the thread of the tests; the ORM would refuse every later query of that worker.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _asks_a_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("journey") or item.get_closest_marker("django_db"):
        return True
    return bool({"db", "transactional_db", "live_server"}.intersection(getattr(item, "fixturenames", ())))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks for no database says the same beside each: the run on PostgreSQL leaves it out."""
    if not ON_POSTGRES:
        return
    wanted = [item for item in items if _asks_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
    items[:] = wanted


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Files that a test stores stay in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page that was asked for in English leaves the thread speaking English: the next test starts in Chinese again."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    """A rolled-back test leaves no stamp behind that could say its cached values are gone."""
    from gongzhi.kernel import caches  # models cannot be imported before pytest-django has set Django up

    caches.forget_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium instead of a downloaded one; it talks to nobody but the page."""
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium"), "args": CHROMIUM}


@pytest.fixture
def town(db: None) -> Town:
    """The small town of tests/cast.py."""
    from tests.cast import build_town  # as above

    return build_town()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data, or a skip that says how to get it."""
    folder = os.environ.get("GONGZHI_REAL_DATA")
    if not folder:
        pytest.skip("real data: set GONGZHI_REAL_DATA to its folder")
    if ON_POSTGRES:
        pytest.skip("real data: the same on every database, done on SQLite")
    return Path(folder)
