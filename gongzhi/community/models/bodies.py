"""Bodies that act, and the posts people hold in them from a day to a day (mission 2, 5, 9)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gongzhi.community.models.places import Place
from gongzhi.community.policy import ROLE_NAMES


class BodyKind(models.Model):
    """A kind of body as this town knows it: a row from seeds, never a subclass."""

    code = models.CharField(_("代码"), max_length=32, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    level = models.CharField(_("所在层级"), max_length=12)

    class Meta:
        verbose_name = _("单位类别")
        verbose_name_plural = _("单位类别")

    def __str__(self) -> str:
        return self.name


class Body(models.Model):
    """An organisation that can be given work or sees its area: office, department, committee, property company."""

    kind = models.ForeignKey(BodyKind, on_delete=models.PROTECT, related_name="bodies", verbose_name=_("类别"))
    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="bodies", verbose_name=_("管辖区域"))
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级单位"))
    phone = models.CharField(_("对外电话"), max_length=40, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class PostQuerySet(models.QuerySet["Post"]):
    def held_on(self, day: dt.date) -> PostQuerySet:
        """Posts in force on a day; an end date is the last day held."""
        return self.filter(
            models.Q(ends_on=None) | models.Q(ends_on__gte=day), starts_on__lte=day, body__is_active=True, user__is_active=True
        )


class Post(models.Model):
    """One person in one role in one body and place, from a day to a day. No grid without a named person (mission 2)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts", verbose_name=_("任职人"))
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="posts", verbose_name=_("单位"))
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="posts", verbose_name=_("负责区域"))
    role = models.CharField(_("岗位"), max_length=24, choices=[(code, name) for code, name in ROLE_NAMES.items()])
    categories = models.JSONField(_("只限类别"), default=list, blank=True, help_text=_("类别代码列表，留空表示不限"))
    starts_on = models.DateField(_("任职开始"))
    ends_on = models.DateField(_("任职结束"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        indexes = (
            models.Index(fields=["user", "starts_on"]),
            models.Index(fields=["body", "role"]),
            models.Index(fields=["place", "role"]),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")), name="post_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.body}"
