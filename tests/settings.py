"""The product's settings as tests run them: nothing of the instance in var/ is read or written, and nothing is slow on purpose."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

_BUILD = Path(__file__).resolve().parents[1] / "build"
os.environ["GONGZHI_VAR"] = str(_BUILD / "test-var")
os.environ["GONGZHI_DEMO"] = ""
os.environ["GONGZHI_ENV"] = ""
os.environ["PYTEST_DATABASE"] = "postgres" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"

from gongzhi.config.settings import *  # noqa: E402, F403  the environment above must stand before
from gongzhi.config.settings import DATABASES as _PRODUCT  # noqa: E402

DATABASES: dict[str, dict[str, Any]] = {"default": {**_PRODUCT["default"], "CONN_MAX_AGE": 0}}
# The name of a test database holds the process: two runs side by side do not meet.
if os.environ["PYTEST_DATABASE"] == "sqlite":
    # A file, as in the product: in memory, threads would share one cache and meet locks that no instance has.
    # Nothing of a test must outlive a power cut, so the only pragma that differs is `synchronous`.
    options = DATABASES["default"]["OPTIONS"]
    pragmas = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["OPTIONS"] = {**options, "init_command": pragmas}
    DATABASES["default"]["TEST"] = {"NAME": str(_BUILD / f"test-{os.getpid()}.sqlite3")}
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_{os.getpid()}"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Pages render without a collected manifest: a test run needs no collectstatic.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Every test's client builds the middleware anew; looking through all static files each time was a quarter of the suite.
WHITENOISE_AUTOREFRESH = True
