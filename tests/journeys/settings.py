"""The product's own settings for the instance that journeys walk through; only what is slow or shared on purpose differs."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from gongzhi.config.settings import *  # noqa: F403
from gongzhi.config.settings import DATABASES, GONGZHI_VAR
from gongzhi.kernel import clock

STATIC_ROOT = GONGZHI_VAR / "static"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Nothing of a journey must outlive a power cut.
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


def wall() -> dt.datetime:
    """The clock on the wall of this instance; a journey in which days pass writes how many seconds it is ahead (`Wall`)."""
    ahead = 0.0
    with suppress(FileNotFoundError):
        ahead = float((GONGZHI_VAR / "ahead").read_text())
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ahead)


clock.wall = wall
