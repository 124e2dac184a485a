"""A file of places put aside between the look and the decision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PlaceUpload(models.Model):
    """The rows of one file as read; one a person at most, gone when it came in or was dropped."""

    file_name = models.CharField(_("文件"), max_length=200)
    rows = models.JSONField()
    uploaded_by = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="place_upload")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("待导入的区域文件")
        verbose_name_plural = _("待导入的区域文件")

    def __str__(self) -> str:
        return self.file_name
