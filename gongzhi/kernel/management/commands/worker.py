from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from gongzhi.kernel.tasks.loop import Loop


class Command(BaseCommand):
    help = "Run background jobs and periodic jobs until told to stop (SIGTERM or Ctrl+C; the running job is finished)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks at an empty queue")
        parser.add_argument("--tick", type=float, default=5.0, help="seconds between two looks at the periodic jobs")

    def handle(self, *args: Any, **options: Any) -> None:
        loop = Loop(interval=options["interval"], tick_every=options["tick"])
        loop.stop_on_signals()
        self.stdout.write(_("后台任务已启动。"))
        loop.run()
        self.stdout.write(_("后台任务已停止。"))
