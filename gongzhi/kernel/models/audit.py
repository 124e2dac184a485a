"""The record of every act: rows are added and never changed."""

from collections.abc import Iterable
from typing import Any, Never

from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordIsFinal(TypeError):
    """Somebody tried to change or delete a line of the record: a programming error, nothing to show to a person."""


def _refuse() -> Never:
    raise RecordIsFinal("audit rows are added, never changed or deleted")


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, object_type: str, object_id: int) -> "AuditQuerySet":
        """The history of one object, oldest first."""
        return self.filter(object_type=object_type, object_id=object_id).order_by("id")

    def update(self, **kwargs: Any) -> Never:
        _refuse()

    def delete(self) -> Never:
        _refuse()

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> Never:
        _refuse()


class AuditEntry(models.Model):
    """Who did what to which object, when. `facts` hold ids, codes and states; never personal text."""

    at = models.DateTimeField(_("时间"))
    actor_id = models.BigIntegerField(_("办理人"), null=True)
    actor_body_id = models.BigIntegerField(_("办理单位"), null=True)
    verb = models.CharField(_("事项"), max_length=60)
    object_type = models.CharField(_("对象类型"), max_length=60)
    object_id = models.BigIntegerField(_("对象"))
    object_code = models.CharField(_("编号"), max_length=40, blank=True, default="")
    facts = models.JSONField(_("内容"), default=dict)
    digest = models.CharField(_("校验值"), max_length=64, help_text=_("对整行内容的 SHA-256 校验值，用来发现改动。"))

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_by_object"),
            models.Index(fields=["actor_id", "id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_code or self.object_id}"

    def save(self, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            _refuse()
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, using: str | None = None, keep_parents: bool = False) -> Never:
        _refuse()
