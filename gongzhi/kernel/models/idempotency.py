"""What was already done under a key."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """One key of one scope, the hash of the body it came with, and what came of it. Forgotten after 30 days."""

    scope = models.CharField(_("范围"), max_length=80)
    key = models.CharField(_("提交编号"), max_length=120)
    body_hash = models.CharField(_("内容校验值"), max_length=64)
    outcome = models.JSONField(_("结果"), null=True)
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("提交记录")
        verbose_name_plural = _("提交记录")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
