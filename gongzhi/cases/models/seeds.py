"""What the seed files wrote last: what stands differently in a row by now is the town's own, and seeding leaves it alone."""

from __future__ import annotations

from django.db import models


class SeedRow(models.Model):
    """One row of a seed file: the row it became, and the values given to it. `target` stays when the town deletes that row."""

    table = models.CharField(max_length=24)
    key = models.CharField(max_length=200)
    target = models.CharField(max_length=64)
    values = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["table", "key"], name="seed_row_once"),)

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
