"""What tells a process that its copy is old."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CacheVersion(models.Model):
    """The stamp of one named value held in process; a new random stamp after every write."""

    name = models.CharField(_("名称"), max_length=60, primary_key=True)
    version = models.BigIntegerField(_("版本"))

    class Meta:
        verbose_name = _("缓存版本")
        verbose_name_plural = _("缓存版本")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name
