"""What the repository holds, as text."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = tuple(sorted({path.parent.name for path in (ROOT / "gongzhi").glob("*/__init__.py")} - {"config"}))


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project: those git holds and those it does not ignore; outside a clone all below gongzhi/ and tests/."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True)
    if found.returncode:
        return tuple(path for folder in ("gongzhi", "tests") for path in (ROOT / folder).rglob("*.*"))
    names = {name for name in found.stdout.decode().split("\0") if name}
    return tuple(path for name in sorted(names) if (path := ROOT / name).is_file())


def texts(*suffixes: str) -> list[tuple[str, str]]:
    """(name below the root, text) of the project's files with one of these suffixes, or of every text without."""
    found = []
    for path in tracked():
        if suffixes and path.suffix not in suffixes:
            continue
        try:
            found.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue  # a picture
    return found
