"""Abstract rows of a matter with states, its steps, and whatever has a time to be kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Matter(models.Model):
    """Something that goes through states. A room adds `code` choices of `state` and its own facts; `version` counts the moves."""

    code = models.CharField(_("编号"), max_length=24, unique=True)
    state = models.CharField(_("状态"), max_length=16)
    version = models.PositiveIntegerField(default=1)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField(_("提出时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


class MatterStep(models.Model):
    """One act on a matter, append-only. A room adds the foreign key `of` and the constraint that (of, seq) is once."""

    by_id: int | None
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=24)
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    by_duty = models.CharField(max_length=16, blank=True)
    by_body_id = models.BigIntegerField(null=True)
    is_public = models.BooleanField(default=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    photos = models.JSONField(default=list, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True
        ordering = ("seq",)

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class Timed(models.Model):
    """Something owed by a moment: from `clock_from` to `due_at`. `clock_from` None: not owed; `next_alarm` None: nothing rings any more.

    `is_late` stays true when what was late is done: that it came late is a fact.
    """

    clock_from = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("时限"), null=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    is_late = models.BooleanField(default=False)
    next_alarm = models.DateTimeField(null=True, db_index=True)

    class Meta:
        abstract = True
