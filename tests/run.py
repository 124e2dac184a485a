"""`./up test`: the suite on SQLite and on a real PostgreSQL that lives only for this run. Arguments go to pytest.

Without arguments the journeys, which mostly wait for a browser, run beside the other tests, and each part prints what it said when it
is done. With arguments one part runs after the other and prints as it goes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
STREAMS = (["--ignore=tests/journeys"], ["tests/journeys"])


def main() -> int:
    """Run what the command line asks for; the worst exit code."""
    args, wanted = sys.argv[1:], list(NAMES)
    if "--db" in args:
        at = args.index("--db")
        wanted = [name for name in wanted if args[at + 1] in (name, "both")]
        del args[at : at + 2]
    if "postgres" not in wanted:
        return run(args, dict.fromkeys(wanted))
    from tests.postgres import running  # a server is started only when wanted

    with running() as url:
        return run(args, {name: url if name == "postgres" else None for name in wanted})


def run(args: list[str], databases: dict[str, str | None]) -> int:
    """All parts; `databases`: name -> DATABASE_URL, None for the settings' own SQLite."""
    if args:
        return max(part(name, url, args, aloud) for name, url in databases.items())
    with ThreadPoolExecutor(len(STREAMS)) as pool:
        streams = [
            pool.submit(lambda chosen: [part(name, url, chosen, at_the_end) for name, url in databases.items()], one) for one in STREAMS
        ]
        return max(code for stream in streams for code in stream.result())


Speak = Callable[[str, list[str], dict[str, str]], int]


def part(name: str, url: str | None, args: list[str], speak: Speak) -> int:
    """One run of pytest on one database."""
    env = {**os.environ}
    env.pop("DATABASE_URL", None)  # never the database of an instance
    if url:
        env["DATABASE_URL"] = url
    workers = [] if any(arg.startswith("-n") for arg in args) else ["-n", "2"]
    title = f"== {NAMES[name]}{'' if speak is aloud else ' · ' + args[-1]}"
    return speak(title, [sys.executable, "-m", "pytest", *workers, *args], env)


def aloud(title: str, command: list[str], env: dict[str, str]) -> int:
    print(title, flush=True)
    return subprocess.run(command, env=env, cwd=ROOT).returncode


def at_the_end(title: str, command: list[str], env: dict[str, str]) -> int:
    done = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    print(f"{title}\n{done.stdout}", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
