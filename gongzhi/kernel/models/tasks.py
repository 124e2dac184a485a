"""Who is at work, and when each periodic job is due."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkerPresence(models.Model):
    """A worker says that it lives; what a silent one held is taken up by another."""

    id = models.CharField(_("编号"), max_length=64, primary_key=True)
    started_at = models.DateTimeField(_("开始时间"))
    alive_until = models.DateTimeField(_("有效至"))

    class Meta:
        verbose_name = _("后台进程")
        verbose_name_plural = _("后台进程")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.id


class PeriodicRun(models.Model):
    """One periodic job: when it is due next, and which worker holds it now (empty: none)."""

    name = models.CharField(_("名称"), max_length=120, primary_key=True)
    due_at = models.DateTimeField(_("下次时间"))
    worker = models.CharField(_("办理进程"), max_length=64, blank=True, default="")
    started_at = models.DateTimeField(_("上次开始"), null=True)
    finished_at = models.DateTimeField(_("上次完成"), null=True)
    last_error = models.TextField(_("上次错误"), blank=True, default="")

    class Meta:
        verbose_name = _("定时任务")
        verbose_name_plural = _("定时任务")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name
