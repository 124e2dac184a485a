"""`./up test`: the suite on SQLite, then on a real PostgreSQL that lives only for this run. Arguments go to pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run_pytest(args: list[str], database_url: str | None) -> int:
    env = {**os.environ}
    env.pop("DATABASE_URL", None)  # never the database of an instance
    if database_url:
        env["DATABASE_URL"] = database_url
    workers = [] if any(arg.startswith("-n") for arg in args) else ["-n", "2"]
    return subprocess.run([sys.executable, "-m", "pytest", *workers, *args], env=env, cwd=ROOT).returncode


def main() -> int:
    args = sys.argv[1:]
    wanted = "both"
    if "--db" in args:
        at = args.index("--db")
        wanted = args[at + 1]
        del args[at : at + 2]
    results = []
    if wanted in ("both", "sqlite"):
        print("== SQLite", flush=True)
        results.append(run_pytest(args, None))
    if wanted in ("both", "postgres"):
        from tests.postgres import running  # a server is started only when wanted

        print("== PostgreSQL", flush=True)
        with running() as url:
            results.append(run_pytest(args, url))
    return max(results)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
