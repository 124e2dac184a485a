"""Roll-ups kept as cases change: the tick folds what moved into them (`actions/figures.py`). A recount must equal them."""

from __future__ import annotations

from django.db import models

from gongzhi.cases.models.catalogue import Category
from gongzhi.community.models import Place


class OpenFigure(models.Model):
    """How many cases stand in a state now: by place down to the grid (with lateness), and by matter (community x top category).

    Two coarse roll-ups instead of one fine one: their rows grow with the town, not with its cases. `key` names the bucket.
    """

    class Kind(models.TextChoices):
        PLACE = "p", "by place"
        MATTER = "m", "by matter"

    kind = models.CharField(max_length=1, choices=Kind)
    key = models.CharField(max_length=120, unique=True)
    district = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+")
    street = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+")
    community = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    grid = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=12)
    is_late = models.BooleanField(default=False)
    count = models.IntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["district", "kind", "state"], name="open_figure_district"),)

    def __str__(self) -> str:
        return f"{self.key} {self.count}"


class DayFigure(models.Model):
    """What happened on a local day, per community: registered, closed, closed in time, found by us, rated, satisfied, reopened."""

    key = models.CharField(max_length=120, unique=True)
    day = models.DateField()
    district = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    street = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    community = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    what = models.CharField(max_length=16)
    count = models.IntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["district", "day"], name="day_figure_district"),)

    def __str__(self) -> str:
        return f"{self.key} {self.count}"
