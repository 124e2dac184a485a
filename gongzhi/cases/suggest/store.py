"""The models on disk, each loaded when first asked for and again when its file changes.

The site's own, learned from closed cases, has category codes as labels. One learned from a sheet has that sheet's labels.
Neither takes the other's place.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from gongzhi.cases.suggest.model import Model

OWN, SHEET = "own", "sheet"
_held: dict[Path, tuple[tuple[int, int], Model | None]] = {}


def file_of(which: str) -> Path:
    """Where the model lies."""
    return Path(settings.GONGZHI_VAR) / "models" / f"categories-{which}.npz"


def current(which: str) -> Model | None:
    """The model in force, or None while there is none (or its file is damaged: keywords still speak)."""
    path = file_of(which)
    try:
        stat = path.stat()
        changed = stat.st_ino, stat.st_mtime_ns
        if path not in _held or _held[path][0] != changed:
            _held[path] = (changed, _read(path))
    except OSError:
        return None
    return _held[path][1]


def _read(path: Path) -> Model | None:
    try:
        return Model.load(path)
    except ValueError:
        return None
