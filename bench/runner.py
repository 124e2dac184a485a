"""Find the modules of a folder and run each in a process of its own, so that none warms or breaks another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_RUN = {"__init__", "__main__", "runner"}


def names(folder: str) -> list[str]:
    """Runnable modules of `folder`: those that do not begin with an underscore."""
    found = sorted(path.stem for path in (ROOT / folder).glob("*.py"))
    return [name for name in found if name not in NOT_RUN and not name.startswith("_")]


def run_modules(folder: str, args: list[str], fits: Callable[[str, str], bool]) -> int:
    """Run what fits the first argument (all without one); the rest goes to the module. Non-zero if one failed or none fits."""
    wanted = args[0] if args and not args[0].startswith("-") else None
    chosen = [name for name in names(folder) if wanted is None or fits(name, wanted)]
    if not chosen:
        there = ", ".join(names(folder)) or "nothing yet"
        print(f"{folder}: nothing fits {wanted or 'here'}; there is: {there}", file=sys.stderr)
        return 2
    rest = args[1:] if wanted else args
    failed = []
    for name in chosen:
        print(f"== {folder} {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"{folder}.{name}", *rest], cwd=ROOT).returncode:
            failed.append(name)
    if failed:
        print(f"{folder}: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0
