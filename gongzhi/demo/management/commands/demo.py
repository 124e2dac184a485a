"""`manage demo`: the demonstration district with its people and ninety days of history. Built once per database."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongzhi.cases.actions.figures import keep_standings
from gongzhi.community.models import Place
from gongzhi.demo.build import build_town
from gongzhi.demo.district import district
from gongzhi.demo.living import live


class Command(BaseCommand):
    help = "Build the demonstration district (nothing happens where places exist)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=["small", "district"], default="small", help="one street and one town, or all of it")
        parser.add_argument("--cases", type=int, default=0, help="further cases built in bulk")
        parser.add_argument("--days", type=int, default=90)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("production holds no demonstration")
        started = time.monotonic()
        if not Place.objects.exists():
            drawn = district(options["scale"])
            build_town(drawn)
            told = live(days=options["days"], home_grid=drawn.home_grid)
            self.stdout.write(
                f"places={len(drawn.places)} people={len(drawn.people)} cases={told} seconds={time.monotonic() - started:.1f}"
            )
        if options["cases"]:
            from gongzhi.demo.bulk import build_cases  # noqa: PLC0415  a million cases need numpy; a page does not

            built = build_cases(options["cases"], days=options["days"], say=print)
            self.stdout.write(f"bulk={built} seconds={time.monotonic() - started:.1f}")
        keep_standings()
