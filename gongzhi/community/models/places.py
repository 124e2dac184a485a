"""The territory tree: district, street or town, community or village, patrol grid, grid, micro-grid (mission 1, 4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gongzhi.community import levels


class Place(models.Model):
    """A piece of the territory with its own code; polygons are GeoJSON text in WGS-84 with a bounding box.

    `path` is the codes from the district down, each closed by "/", so that a fact can keep the place as it was on its day.
    """

    class Kind(models.TextChoices):
        DISTRICT = levels.DISTRICT, _("区县")
        STREET = levels.STREET, _("街道")
        TOWN = levels.TOWN, _("乡镇")
        COMMUNITY = levels.COMMUNITY, _("社区")
        VILLAGE = levels.VILLAGE, _("村")
        PATROL = levels.PATROL, _("巡查网格")
        GRID = levels.GRID, _("网格")
        GROUP = levels.GROUP, _("村民小组")
        MICRO = levels.MICRO, _("微网格")

    class CommunityType(models.TextChoices):
        COMMERCIAL = "commercial", _("商品房社区")
        WORK_UNIT = "work_unit", _("单位社区")
        OLD = "old", _("老旧楼院社区")
        PUBLIC_RENTAL = "public_rental", _("公租房社区")
        CONVERTED = "converted", _("村改居社区")
        URBAN_VILLAGE = "urban_village", _("城中村社区")
        SUBURBAN = "suburban", _("城郊社区")

    kind = models.CharField(_("级别"), max_length=12, choices=Kind)
    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(_("路径"), max_length=160, db_index=True, editable=False)
    polygon = models.TextField(_("边界"), blank=True)
    min_lng = models.FloatField(null=True, blank=True)
    min_lat = models.FloatField(null=True, blank=True)
    max_lng = models.FloatField(null=True, blank=True)
    max_lat = models.FloatField(null=True, blank=True)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    community_type = models.CharField(_("社区类型"), max_length=16, choices=CommunityType, blank=True)
    in_force_on = models.DateField(_("启用日期"), null=True, blank=True)
    ended_on = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("区域")
        verbose_name_plural = _("区域")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind=levels.DISTRICT, parent=None) | (~models.Q(kind=levels.DISTRICT) & models.Q(parent__isnull=False)),
                name="place_only_districts_are_roots",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    def path_below(self, parent: Place | None) -> str:
        """The path this place has under `parent`."""
        return f"{parent.path if parent else ''}{self.code}/"
