"""An instance of the product as `./up` makes one: database, demonstration district, collected files, gunicorn and the worker.

It is built once per run (workers of pytest-xdist wait for the first and copy) and served by processes of its own, so a
journey meets what a person meets: compressed files with hashed names, background jobs, real time, cookies.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
BUILD = """
import os
import django
django.setup()
from gongzhi.demo import living
if os.environ.get("DATABASE_URL"):
    living.SCENES = ()  # the few journeys that PostgreSQL sees again need the appointed cases only
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
call_command("migrate", verbosity=0)
call_command("demo")
"""


def environment(var: Path, database: str) -> dict[str, str]:
    """What a process of the instance in `var` runs with."""
    own = {"GONGZHI_VAR": str(var), "GONGZHI_DEMO": "1", "GONGZHI_ENV": "", "DJANGO_SETTINGS_MODULE": "tests.journeys.settings"}
    env = {**os.environ, **own, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR"}
    env.pop("DATABASE_URL", None)
    return {**env, "DATABASE_URL": database} if database else env


def named(url: str, name: str) -> str:
    """The same server's database of another name."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def built(shared: Path, server: str) -> Path:
    """The folder of the instance all workers copy; the first to come builds it."""
    shared.mkdir(parents=True, exist_ok=True)
    home = shared / "instance"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "done").exists():
            home.mkdir(exist_ok=True)
            if server:
                on_postgres(server, 'CREATE DATABASE "journeys"')
            env = environment(home, named(server, "journeys") if server else "")
            subprocess.run([sys.executable, "-c", BUILD], env=env, cwd=ROOT, check=True, timeout=180)
            (shared / "done").touch()
    return home


def on_postgres(server: str, statement: str) -> None:
    """Run one statement that no transaction may hold."""
    import psycopg  # only a run on PostgreSQL needs it

    with psycopg.connect(server.replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        connection.execute(statement.encode())


def copied(shared: Path, worker: str, server: str) -> tuple[Path, str]:
    """An instance of this worker's own: folder and DATABASE_URL."""
    home, mine = built(shared, server), shared / worker
    shutil.copytree(home, mine, dirs_exist_ok=True)
    if not server:
        return mine, ""
    with (shared / "lock").open("w") as lock:  # a template must have no other user meanwhile
        fcntl.flock(lock, fcntl.LOCK_EX)
        on_postgres(server, f'CREATE DATABASE "journeys_{worker}" TEMPLATE "journeys"')
    return mine, named(server, f"journeys_{worker}")


@contextmanager
def serving(var: Path, database: str) -> Iterator[str]:
    """Gunicorn and the worker over this instance; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env, gunicorn = environment(var, database), str(Path(sys.executable).parent / "gunicorn")
    command = [gunicorn, "gongzhi.config.wsgi", "-b", f"127.0.0.1:{port}", "-k", "gthread", "--threads", "8", "--log-level", "error"]
    with (var / "log").open("w") as log:
        web = subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log)
        jobs = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "worker", "--interval", "0.2", "--tick", "1"],
            env=env,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _until_it_answers(url, web, var / "log")
        yield url
    finally:
        for process in (web, jobs):
            process.terminate()
        for process in (web, jobs):
            process.wait(timeout=20)


def _until_it_answers(url: str, web: subprocess.Popen[bytes], log: Path) -> None:
    last = time.monotonic() + 30
    while time.monotonic() < last and web.poll() is None:
        with suppress(OSError):
            urllib.request.urlopen(url + "/healthz", timeout=2).close()
            return
        time.sleep(0.1)
    raise RuntimeError("the instance did not start:\n" + log.read_text(encoding="utf-8")[-4000:])
