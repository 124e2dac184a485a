"""An instance called production refuses to start where an acknowledged commit may be lost or the house stands open."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django.fixtures import Settings

from gongzhi.accounts.models import User
from gongzhi.web.startup import reasons_not_to_start, refuse_unsafe_start
from tests.house.files import ROOT

SAFE = "x" * 50


@pytest.fixture
def production(settings: Settings, db: None) -> Settings:
    """Settings that production would start with, but for the database of the test."""
    settings.PRODUCTION = True
    settings.DEBUG = False
    settings.GONGZHI_DEMO = False
    settings.SECRET_KEY = SAFE
    settings.ALLOWED_HOSTS = ["gongzhi.example"]
    return settings


def said() -> str:
    return "; ".join(reasons_not_to_start())


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("DEBUG", True, "DEBUG"),
        ("GONGZHI_DEMO", True, "GONGZHI_DEMO"),
        ("SECRET_KEY", "short", "DJANGO_SECRET_KEY"),
        ("SECRET_KEY", "django-insecure-" + SAFE, "DJANGO_SECRET_KEY"),
        ("ALLOWED_HOSTS", [], "ALLOWED_HOSTS"),
    ],
)
def test_an_open_setting_is_named(production: Settings, name: str, value: object, word: str) -> None:
    assert word not in said()
    setattr(production, name, value)
    assert word in said()


def test_a_demo_account_is_named(production: Settings) -> None:
    assert "demo accounts" not in said()
    User.objects.create(username="demo", is_demo=True)
    assert "demo accounts" in said()


def test_a_database_that_may_forget_is_named(production: Settings) -> None:
    """Tests run with everything off that costs an fsync, so both databases have something to refuse."""
    if connection.vendor == "sqlite":
        assert "synchronous" in said()
        return
    assert "fsync is off" in said()
    assert "full_page_writes is off" in said()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert "synchronous_commit is off" in said()


def test_the_refusal_is_an_error_with_all_reasons(production: Settings) -> None:
    production.DEBUG = production.GONGZHI_DEMO = True
    with pytest.raises(ImproperlyConfigured, match=r"DEBUG.*GONGZHI_DEMO"):
        refuse_unsafe_start()
    production.PRODUCTION = False
    refuse_unsafe_start()


def start(folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Import the WSGI entry as a server does, on a fresh SQLite file with the product's own pragmas."""
    keep = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    env = {**keep, "GONGZHI_VAR": str(folder), "GONGZHI_ENV": "production", "ALLOWED_HOSTS": "gongzhi.example", **more}
    script = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'gongzhi.config.settings'\n"
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', 'accounts', verbosity=0)\n"
        "import gongzhi.config.wsgi\n"
        "from django.db import connections\n"
        "print('started', [one.connection for one in connections.all(initialized_only=True)])\n"
    )
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


def test_a_safe_instance_starts_and_hands_no_open_connection_to_forked_workers(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.stdout.strip() in ("started []", "started [None]"), done.stderr[-2000:]


def test_a_demo_instance_does_not_start_as_production(tmp_path: Path) -> None:
    done = start(tmp_path, GONGZHI_DEMO="1")
    assert done.returncode != 0
    assert "GONGZHI_DEMO is on" in done.stderr
