"""A worker process of its own, on a database file: it works, stops when asked, and is replaced when killed."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="needs a database file that another process can open")
ROOT = Path(__file__).resolve().parents[2]


class Site:
    """A copy of the test database as a file, with workers on it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "worker.sqlite3"
        self.said = folder / "said.txt"
        with sqlite3.connect(self.file) as copy:
            connection.connection.backup(copy)
        copy.close()

    def ask(self, statement: str, *params: object) -> list[tuple[object, ...]]:
        opened = sqlite3.connect(self.file, timeout=20)
        try:
            with opened:
                return opened.execute(statement, params).fetchall()
        finally:
            opened.close()

    def queue(self, seconds: float) -> None:
        code = (
            "import django; django.setup()\n"
            "from tests.kernel.samples import write_slowly\n"
            f"write_slowly.enqueue({str(self.said)!r}, {seconds})"
        )
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=self.env(), check=True, timeout=60)

    def work(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "django", "worker", "--interval", "0.1", "--tick", "0.3"]
        return subprocess.Popen(command, cwd=ROOT, env=self.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def env(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{self.file}",
            "GONGZHI_VAR": str(self.file.parent),
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }

    def lines(self) -> list[str]:
        return self.said.read_text().split() if self.said.exists() else []


def until(true: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def site(transactional_db: None, tmp_path: Path) -> Site:
    assert settings.TASKS["default"]["BACKEND"].endswith("DatabaseBackend")
    connection.ensure_connection()
    return Site(tmp_path)


def test_told_to_stop_it_finishes_its_job_and_leaves_nothing_behind(site: Site) -> None:
    site.queue(1.0)
    worker = site.work()
    until(lambda: site.lines() == ["begun"])
    worker.send_signal(signal.SIGTERM)
    out, err = worker.communicate(timeout=30)
    assert worker.returncode == 0, err.decode()
    assert site.lines() == ["begun", "done"]
    assert site.ask("SELECT status FROM django_tasks_database_dbtaskresult") == [("SUCCESSFUL",)]
    assert site.ask("SELECT count(*) FROM kernel_workerpresence") == [(0,)]
    assert site.ask("SELECT count(*) FROM kernel_periodicrun WHERE finished_at IS NOT NULL AND worker = ''")[0][0]
    assert err.decode() == ""
    assert len(out.decode().split()) == 2


def test_the_job_of_a_killed_worker_is_taken_up_by_the_next(site: Site) -> None:
    site.queue(60)
    killed = site.work()
    until(lambda: site.lines() == ["begun"])
    killed.kill()
    killed.communicate(timeout=30)
    site.ask("UPDATE kernel_workerpresence SET alive_until = '2020-01-01 00:00:00'")  # half a minute later
    next_one = site.work()
    until(lambda: site.ask("SELECT status FROM django_tasks_database_dbtaskresult") == [("FAILED",)])  # this job has no retries
    next_one.send_signal(signal.SIGTERM)
    next_one.communicate(timeout=30)
    assert next_one.returncode == 0
