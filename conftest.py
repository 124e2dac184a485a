"""Fixtures every test can use. The database is SQLite or PostgreSQL as DATABASE_URL says (`tests/run.py`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import Town


@pytest.fixture(autouse=True)
def _plain_storage(settings: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Pages render without a collected manifest; files of a test stay in its own folder."""
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")  # type: ignore[attr-defined]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture
def town(db: None) -> Town:
    """The small town of tests/cast.py."""
    from tests.cast import build_town

    return build_town()


@pytest.fixture(scope="session")
def real_data() -> Iterator[str]:
    """The folder of real data, or a skip that says how to get it."""
    folder = os.environ.get("GONGZHI_REAL_DATA")
    if not folder:
        pytest.skip("real data: set GONGZHI_REAL_DATA to its folder")
    yield folder
