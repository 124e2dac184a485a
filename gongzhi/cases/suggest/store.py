"""The site's own model on disk, loaded when first asked for and again when the file changes."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from gongzhi.cases.suggest.model import Model

_held: tuple[float, Model] | None = None


def folder() -> Path:
    """Where `train_categories` saves."""
    return Path(settings.GONGZHI_VAR) / "models" / "categories"


def current() -> Model | None:
    """The model in force, or None while there is none (or its files are damaged: keywords still speak)."""
    global _held
    try:
        changed = (folder() / "words.json").stat().st_mtime
        if _held is None or _held[0] != changed:
            _held = (changed, Model.load(folder()))
    except (OSError, ValueError, KeyError):
        return None
    return _held[1]
