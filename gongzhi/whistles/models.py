"""A whistle, whom it calls, what they owe and by when, what it ends in, and how both sides rate it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.models import Case
from gongzhi.community.actors import Actor
from gongzhi.community.models import Body
from gongzhi.kernel.models.flow import Matter, MatterStep, Timed
from gongzhi.whistles.visibility import visible_q
from gongzhi.whistles.workflow import Coming, Kind, State, Task

USER = settings.AUTH_USER_MODEL


class WhistleQuerySet(models.QuerySet["Whistle"]):
    def visible_to(self, actor: Actor) -> WhistleQuerySet:
        """The caller's and the called bodies', the place's dispatchers, and who oversees, rules or decides there. Fails closed."""
        return self.filter(visible_q(actor))


class Whistle(Matter):
    """One call on one case: what, where, who must come, by when."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="whistles")
    kind = models.CharField(_("哪一种"), max_length=12, choices=Kind)
    matter = models.TextField(_("什么事"))
    where = models.CharField(_("地点"), max_length=200)
    be_there_at = models.DateTimeField(_("到场时间"))
    caller = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="whistles", db_index=False)
    asked_by = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    wanted = models.JSONField(default=list, blank=True)
    lead = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    findings = models.TextField(_("会诊结论"), blank=True)
    level = models.CharField(_("提到哪一级"), max_length=12, blank=True)
    decision = models.TextField(_("上级决定"), blank=True)
    outcome = models.TextField(_("结果"), blank=True)

    objects = WhistleQuerySet.as_manager()

    class Meta:
        verbose_name = _("吹哨")
        verbose_name_plural = _("吹哨")
        constraints = (models.CheckConstraint(condition=models.Q(state__in=State.values), name="whistle_state_known"),)
        indexes = (
            models.Index(fields=["caller", "-id"], name="whistle_caller"),
            models.Index(fields=["state", "-id"], name="whistle_state"),
        )


class WhistleStep(MatterStep):
    """One act on a whistle; `about` names the body it concerns."""

    of = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="steps", db_index=False)
    about = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(MatterStep.Meta):
        constraints = (models.UniqueConstraint(fields=["of", "seq"], name="whistle_step_once"),)


class Summons(models.Model):
    """One department called: how it answered, when it came. The position is that of the arrival and of nothing else (privacy.md 3)."""

    whistle = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="summons", db_index=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="summons", db_index=False)
    state = models.CharField(_("状态"), max_length=12, choices=Coming, default=Coming.CALLED)
    called_at = models.DateTimeField(_("吹哨时间"))
    answered_at = models.DateTimeField(_("响应时间"), null=True)
    answer = models.TextField(_("响应"), blank=True)
    arrived_at = models.DateTimeField(_("到场时间"), null=True)
    lng = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    away_m = models.PositiveIntegerField(_("离现场多少米"), null=True)
    objection = models.TextField(_("不归本单位的理由"), blank=True)
    ruling = models.TextField(_("裁定"), blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        verbose_name = _("被吹哨单位")
        verbose_name_plural = _("被吹哨单位")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["whistle", "body"], name="summons_once"),
            models.CheckConstraint(condition=models.Q(lng=None) | models.Q(arrived_at__isnull=False), name="summons_place_of_arrival_only"),
        )
        indexes = (models.Index(fields=["body", "-id"], name="summons_body"),)

    def __str__(self) -> str:
        return f"{self.whistle_id}/{self.body_id} {self.state}"


class Deadline(Timed):
    """What is owed by a moment: an answer, an arrival, a ruling (by summons), a decision (by the level above)."""

    class Kind(models.TextChoices):
        ANSWER = "answer", _("响应")
        ARRIVE = "arrive", _("到场")
        RULING = "ruling", _("裁定")
        DECISION = "decision", _("上级决定")

    whistle = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="deadlines")
    summons = models.ForeignKey(Summons, on_delete=models.PROTECT, null=True, related_name="deadlines")
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        verbose_name = _("时限")
        verbose_name_plural = _("时限")

    def __str__(self) -> str:
        return f"{self.whistle_id} {self.kind}"


class Duty(Timed):
    """A task that the diagnosis gave to one department, with its day."""

    whistle = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="duties")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(_("状态"), max_length=12, choices=Task, default=Task.OWED)
    words = models.TextField(_("做什么"))
    result = models.TextField(_("办得怎样"), blank=True)
    photos = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("会诊任务")
        verbose_name_plural = _("会诊任务")
        ordering = ("id",)
        indexes = (models.Index(fields=["body", "state"], name="whistle_duty_body"),)

    def __str__(self) -> str:
        return f"{self.whistle_id}/{self.body_id} {self.state}"


class Leading(models.Model):
    """双指挥长 and 下沉干部: who leads this matter, and whom they direct; `task` is what somebody sent down took on."""

    class Part(models.TextChoices):
        STREET = "street", _("街道班子成员")
        COMMUNITY = "community", _("社区书记")
        SENT_DOWN = "sent_down", _("下沉干部")

    whistle = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="leading", db_index=False)
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part)
    task = models.CharField(_("承担什么"), max_length=200, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("双指挥长与下沉干部")
        verbose_name_plural = _("双指挥长与下沉干部")
        constraints = (models.UniqueConstraint(fields=["whistle", "user"], condition=models.Q(until=None), name="leading_once"),)

    def __str__(self) -> str:
        return f"{self.whistle_id} {self.part}"


class Rating(models.Model):
    """What one side says about the other once it is over: the caller about each department, each department about the call."""

    whistle = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    by_body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", db_index=False)
    about = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", db_index=False)
    stars = models.PositiveSmallIntegerField(_("评价"))
    words = models.TextField(_("说明"), blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("互评")
        verbose_name_plural = _("互评")
        constraints = (
            models.UniqueConstraint(fields=["whistle", "by_body", "about"], name="whistle_rated_once"),
            models.CheckConstraint(condition=models.Q(stars__range=(1, 5)), name="whistle_stars_1_to_5"),
        )

    def __str__(self) -> str:
        return f"{self.whistle_id} {self.by_body_id}>{self.about_id}"
