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
    """What happened on a local day in a place, once for each rung from community to district, so that an area reads its own rows alone.

    `what`: registered, found_by_us, closed, closed_in_time, rated, satisfied, reopened; `standing` and `standing_late` are how many
    were open and late when the day began. Cases that nobody could locate count under no place.
    """

    key = models.CharField(max_length=60, unique=True)
    day = models.DateField()
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    what = models.CharField(max_length=16)
    count = models.IntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["place", "day"], name="day_figure_place"),)

    def __str__(self) -> str:
        return f"{self.key} {self.count}"
