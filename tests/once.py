"""What is the same on every database is shown once, on SQLite: a run on both stays short."""

import os

import pytest

ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
once = pytest.mark.skipif(ON_POSTGRES, reason="the same on every database: done on SQLite")
