"""Secrets of an instance: from the environment, else from files in `var/` that `./up setup` writes once (mode 600)."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
from pathlib import Path
from typing import Any


def secret_key(var: Path) -> str:
    """The signing key: DJANGO_SECRET_KEY, else var/secret_key, made on first use."""
    if from_env := os.environ.get("DJANGO_SECRET_KEY"):
        return from_env
    return _file(var / "secret_key", lambda: secrets.token_urlsafe(50))


def field_keys(var: Path) -> dict[str, Any]:
    """Keys of encrypted fields: GONGZHI_KEYS (JSON), else var/keys.json: {"active": "k1", "keys": {"k1": base64 of 32 bytes}}."""
    text = os.environ.get("GONGZHI_KEYS") or _file(var / "keys.json", _fresh_keys)
    keys: dict[str, Any] = json.loads(text)
    return keys


def _fresh_keys() -> str:
    return json.dumps({"active": "k1", "keys": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()}})


def _file(path: Path, make: Any) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(make())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)  # of two processes that start together one wins, and both read the winner's
        fresh.unlink()
    return path.read_text().strip()
