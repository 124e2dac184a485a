"""When the running clocks of a case started: at its registration, until it is reopened."""

from __future__ import annotations

from typing import Any

import django.utils.timezone
from django.db import migrations, models
from django.db.models import F


def from_registration(apps: Any, schema_editor: Any) -> None:
    apps.get_model("cases", "Case").objects.update(clock_from=F("registered_at"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_day_figures_by_place")]

    operations = [
        migrations.AddField("case", "clock_from", models.DateTimeField(default=django.utils.timezone.now), preserve_default=False),
        migrations.RunPython(from_registration, migrations.RunPython.noop),
    ]
