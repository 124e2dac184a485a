"""Compounds, buildings and the things people share and that break, 部件 (mission 41)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongzhi.community.models.bodies import Body
from gongzhi.community.models.places import Place


class Compound(models.Model):
    """A residential compound, 小区. Its QR at the gate opens the report page with the place already known."""

    code = models.CharField(_("代码"), max_length=32, unique=True)
    tag = models.CharField(_("二维码编号"), max_length=24, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="compounds", verbose_name=_("所在网格"))
    manager = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="compounds", verbose_name=_("物业公司"))
    address = models.CharField(_("地址"), max_length=160, blank=True)
    lng = models.FloatField(_("经度"))
    lat = models.FloatField(_("纬度"))

    class Meta:
        verbose_name = _("小区")
        verbose_name_plural = _("小区")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """A building with its address; households are a count, never a list of people."""

    compound = models.ForeignKey(
        Compound, on_delete=models.PROTECT, null=True, blank=True, related_name="buildings", verbose_name=_("小区")
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="buildings", verbose_name=_("所在网格"))
    address = models.CharField(_("地址"), max_length=160, db_index=True)
    households = models.PositiveIntegerField(_("户数"), default=0)
    lng = models.FloatField(_("经度"))
    lat = models.FloatField(_("纬度"))

    class Meta:
        verbose_name = _("楼栋")
        verbose_name_plural = _("楼栋")
        ordering = ("address",)

    def __str__(self) -> str:
        return self.address


class Facility(models.Model):
    """A thing with an owner, a place, a code and a QR on it: lamp, parking, waste point, equipment, court."""

    class Kind(models.TextChoices):
        LAMP = "lamp", _("路灯")
        PARKING = "parking", _("停车位")
        WASTE_POINT = "waste_point", _("垃圾分类点")
        EQUIPMENT = "equipment", _("健身器材")
        COURT = "court", _("球场")
        OTHER = "other", _("其他设施")

    code = models.CharField(_("编号"), max_length=32, unique=True)
    tag = models.CharField(_("二维码编号"), max_length=24, unique=True)
    kind = models.CharField(_("种类"), max_length=16, choices=Kind)
    name = models.CharField(_("名称"), max_length=80)
    owner = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="facilities", verbose_name=_("权属单位"))
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="facilities", verbose_name=_("所在网格"))
    compound = models.ForeignKey(
        Compound, on_delete=models.PROTECT, null=True, blank=True, related_name="facilities", verbose_name=_("小区")
    )
    category_code = models.CharField(_("常见问题类别"), max_length=32, blank=True)
    lng = models.FloatField(_("经度"))
    lat = models.FloatField(_("纬度"))
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("公共设施")
        verbose_name_plural = _("公共设施")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"
