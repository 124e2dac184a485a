"""./up manage compile_locale: .po to .mo, by babel, so that no gettext tools are needed. Run by setup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from gongzhi.web import wording


class Command(BaseCommand):
    """Compile."""

    help = "Compile locale/*/LC_MESSAGES/django.po."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        written = [path for locale_dir in settings.LOCALE_PATHS for path in wording.compile_all(Path(locale_dir))]
        self.stdout.write(f"compiled={len(written)}")
