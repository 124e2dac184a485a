"""./up manage messages: bring locale/en up to date with the sources; ``--check`` only looks and fails in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongzhi.web import wording

LOCALE = "en"
MOST = 200


class Command(BaseCommand):
    """Extract, merge, check."""

    help = "Update locale/en/LC_MESSAGES/django.po from the sources; --check fails on what is missing, stale or not translated."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--check", action="store_true", help="change nothing, fail when the English is not whole")
        parser.add_argument("--fill", metavar="FILE", help='JSON {"中文": "English"} or ["one", "many"]: fill what has no translation')
        parser.add_argument("--missing", action="store_true", help="print what has no translation as JSON, ready for --fill")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        locale_dir = Path(settings.LOCALE_PATHS[0])
        po = locale_dir / LOCALE / wording.PO
        found = wording.find(locale_dir.parent)
        catalog = wording.load(po, LOCALE)
        if options["check"]:
            self.check_whole(found, catalog)
            return
        fresh = wording.merged(found, catalog, LOCALE)
        if options["fill"]:
            table = wording.read_table(json.loads(Path(options["fill"]).read_text(encoding="utf-8")))
            self.stderr.write(f"filled={wording.fill(fresh, table)}")
        wording.save(fresh, po)
        todo = [line for line in wording.problems(found, fresh) if line.startswith("not translated")]
        if options["missing"]:
            empty = {said: ["", ""] if plural else "" for said, plural in found.plural.items() if _lacks(fresh, said)}
            self.stdout.write(json.dumps(empty, ensure_ascii=False, indent=1))
        self.stderr.write(f"sentences={len(found.plural)} untranslated={len(todo)}")

    def check_whole(self, found: wording.Found, catalog: Any) -> None:
        """Raise ``CommandError`` with every problem."""
        lines = wording.problems(found, catalog)
        if lines:
            shown = "\n".join(lines[:MOST])
            raise CommandError(f"{shown}\n{len(lines)} problems in locale/{LOCALE}")
        self.stdout.write(f"sentences={len(found.plural)} untranslated=0")


def _lacks(catalog: Any, said: str) -> bool:
    return not all(wording.strings(catalog.get(said)))
