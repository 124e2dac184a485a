"""`manage reencrypt`: bring all encrypted values under the active key and the blind indexes under the index key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongzhi.kernel.crypto_rotation import rotate


class Command(BaseCommand):
    help = (
        "Move encrypted values to the active key of GONGZHI_FIELD_KEYS (the site may run) and rebuild blind indexes if their key changed "
        "(stop the site for that). Can be broken off and run again. Take an old key out of the list only after a run without unreadable "
        "values, never the first one: claim codes rest on it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="rows in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        done = rotate(batch=max(1, options["batch"]), say=self._say)
        self.stdout.write(f"moved={done.moved} indexes={done.indexes} unreadable={done.unreadable} clashes={done.clashes}")
        if not done.is_whole:
            raise CommandError("not everything is under the new keys: keep the old ones in the list, look at the lines above, run it again")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
