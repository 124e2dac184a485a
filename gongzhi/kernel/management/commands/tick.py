from typing import Any

from django.core.management.base import BaseCommand

from gongzhi.kernel.tasks import tick


class Command(BaseCommand):
    help = "Run the periodic jobs that are due, once."

    def handle(self, *args: Any, **options: Any) -> None:
        done = tick()
        self.stdout.write("\n".join([*done, f"ran={len(done)}"]))
