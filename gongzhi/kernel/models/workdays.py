"""Days worked against their weekday, and opening hours: rows, with where they come from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day that differs from its weekday, or belongs to a year covered by a notice. `is_confirmed`: by a State Council notice."""

    date = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("上班"))
    name = models.CharField(_("节日"), max_length=40, blank=True)
    source = models.CharField(_("依据"), max_length=120, blank=True)
    is_confirmed = models.BooleanField(_("已有国务院通知"), default=False)

    class Meta:
        verbose_name = _("日历")
        verbose_name_plural = _("日历")
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class WorkHours(models.Model):
    """An opening span of a weekday; several a day leave room for lunch."""

    weekday = models.PositiveSmallIntegerField(_("星期"), choices=[(n, n) for n in range(7)])
    opens = models.TimeField(_("开门"))
    closes = models.TimeField(_("关门"))

    class Meta:
        verbose_name = _("工作时间")
        verbose_name_plural = _("工作时间")
        ordering = ("weekday", "opens")
        constraints = (models.CheckConstraint(condition=models.Q(closes__gt=models.F("opens")), name="work_hours_open_before_they_close"),)

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"
