"""Figures by day are kept per place of every rung. Dropped and counted anew from the steps: they are derived."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def count_again(apps: Any, schema_editor: Any) -> None:
    """The next ticks fold every step again, a batch at a time."""
    apps.get_model("cases", "Step").objects.filter(is_counted=True).update(is_counted=False)


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_search"), ("community", "0001_initial")]

    operations = [
        migrations.DeleteModel("DayFigure"),
        migrations.CreateModel(
            name="DayFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, unique=True)),
                ("day", models.DateField()),
                ("what", models.CharField(max_length=16)),
                ("count", models.IntegerField(default=0)),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="community.place"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["place", "day"], name="day_figure_place")]},
        ),
        migrations.RunPython(count_again, migrations.RunPython.noop),
    ]
