"""Production refuses to start with demo accounts, a default key, DEBUG, or a database that may lose an acknowledged commit."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from gongzhi.accounts.queries import demo_accounts_exist

LOSING = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
SQLITE_FULL = 2


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured with every reason in words. Does nothing outside production."""
    if settings.PRODUCTION and (reasons := reasons_not_to_start()):
        raise ImproperlyConfigured("Gongzhi will not start in production: " + "; ".join(reasons))


def reasons_not_to_start() -> list[str]:
    """What stands against production, each with what to do."""
    found = []
    if settings.DEBUG:
        found.append("DEBUG is on; unset it")
    if settings.GONGZHI_DEMO:
        found.append("GONGZHI_DEMO is on; unset it")
    if len(settings.SECRET_KEY) < 40 or "insecure" in settings.SECRET_KEY:
        found.append("DJANGO_SECRET_KEY is a default or shorter than 40 characters; set a random one")
    if not settings.ALLOWED_HOSTS:
        found.append("ALLOWED_HOSTS is empty; name the hosts this instance answers for")
    return found + _database_reasons()


def _database_reasons() -> list[str]:
    found = ["demo accounts exist in this database; production needs one without"] if demo_accounts_exist() else []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            if (cursor.fetchone() or (0,))[0] < SQLITE_FULL:
                found.append("SQLite synchronous is below FULL: an acknowledged row may be lost in a power cut")
            return found
        for name, bad in LOSING.items():
            cursor.execute(f"SHOW {name}")
            if (cursor.fetchone() or ("",))[0] == bad:
                found.append(f"PostgreSQL {name} is {bad}: an acknowledged row may be lost; turn it on")
    return found
