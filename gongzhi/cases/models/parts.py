"""What belongs to a case: its steps, its reporters (kept apart and encrypted), helpers, requests, returns, looks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.models.case import Case
from gongzhi.cases.workflow import State
from gongzhi.community.models import Body
from gongzhi.kernel.crypto import EncryptedTextField

USER = settings.AUTH_USER_MODEL


class Step(models.Model):
    """One act on a case: who, when, why. `note` is what the reporter reads, `reason` stays inside; append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps", db_index=False)
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12, choices=State)
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    by_duty = models.CharField(max_length=12, blank=True)
    by_body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    is_public = models.BooleanField(default=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    photos = models.JSONField(default=list, blank=True)
    data = models.JSONField(default=dict, blank=True)
    is_counted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("办理经过")
        verbose_name_plural = _("办理经过")
        ordering = ("seq",)
        constraints = (models.UniqueConstraint(fields=["case", "seq"], name="step_once"),)
        indexes = (models.Index(fields=["id"], condition=models.Q(is_counted=False), name="step_uncounted"),)

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.verb}"


class Reporter(models.Model):
    """Someone a case belongs to. Name and phone are encrypted; staff open them only by purpose + case + log (`Look`)."""

    class Relation(models.TextChoices):
        MAIN = "main", _("反映人")
        JOINED = "joined", _("一同反映")
        MERGED = "merged", _("并案反映")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reporters")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    relation = models.CharField(max_length=8, choices=Relation, default=Relation.MAIN)
    name = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    claim_index = models.CharField(max_length=64, blank=True, db_index=True)
    is_anonymous = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    class Meta:
        verbose_name = _("反映人")
        verbose_name_plural = _("反映人")
        constraints = (
            models.UniqueConstraint(fields=["case", "user"], condition=models.Q(user__isnull=False), name="reporter_once_per_case"),
        )
        indexes = (models.Index(fields=["user", "-id"], name="reporter_user"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.relation}"


class SpotCheck(models.Model):
    """抽查: a case closed on the spot that was drawn for a second look by a checker; `passed` None: nobody has looked yet."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="spot_check")
    drawn_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    passed = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("现场办结抽查")
        verbose_name_plural = _("现场办结抽查")
        indexes = (models.Index(fields=["-case"], condition=models.Q(done_at=None), name="spot_check_waiting"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.passed}"


class Helper(models.Model):
    """A body that helps the lead, 协办."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="helpers")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="helped")
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("协办单位")
        verbose_name_plural = _("协办单位")
        constraints = (models.UniqueConstraint(fields=["case", "body"], condition=models.Q(left_at=None), name="helper_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.body_id}"


class Request(models.Model):
    """What needs an approval: extend, suspend, list as long-term, void. One open at a time per case."""

    class Kind(models.TextChoices):
        EXTEND = "extend", _("延期")
        SUSPEND = "suspend", _("暂缓")
        LIST = "list_long_term", _("挂账")
        VOID = "void", _("作废")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=16, choices=Kind)
    reason = models.TextField()
    until = models.DateField(null=True)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    ruling = models.TextField(blank=True)

    class Meta:
        verbose_name = _("申请")
        verbose_name_plural = _("申请")
        constraints = (models.UniqueConstraint(fields=["case"], condition=models.Q(decided_at=None), name="request_one_open"),)
        indexes = (models.Index(fields=["kind", "-id"], name="request_kind"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Return(models.Model):
    """A return 退单, its objection, and the ruling by the named adjudicator."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="returns")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    returned_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    objection = models.TextField(blank=True)
    objected_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    objected_at = models.DateTimeField(null=True)
    ruling = models.TextField(blank=True)
    ruled_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(null=True)
    ruled_to = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("退单")
        verbose_name_plural = _("退单")

    def __str__(self) -> str:
        return f"{self.case_id} {self.body_id}"


class Look(models.Model):
    """Someone opened who complained: unit, role, purpose, time. The resident sees it (privacy.md 5, 7). No log, no data."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="looks")
    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="looks")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    by_body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    by_role = models.CharField(max_length=24)
    purpose = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d %H:%M}"
