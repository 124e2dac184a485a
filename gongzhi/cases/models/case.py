"""The case: what, where, who must act, until when, and how it stands. Who complained lies apart (`parts.Reporter`)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.models.catalogue import Category, RoutingRule
from gongzhi.cases.visibility import visible_q
from gongzhi.cases.workflow import OPEN, Outcome, State
from gongzhi.community.actors import Actor
from gongzhi.community.models import Body, Compound, Facility, Place

IS_OPEN = models.Q(is_open=True)


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.filter(is_open=True)

    def public(self) -> CaseQuerySet:
        """What anyone may see: let out by its reporter and by the rules of its category."""
        return self.filter(is_public=True)

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """The cases an actor may see: in reach of a post, helped by the body of a post, reported or claimed. Fails closed."""
        return self.filter(visible_q(actor))


class Case(models.Model):
    """One matter. State, clocks and counters are written only by `actions.moves.perform` (conditional on `version`)."""

    class Channel(models.TextChoices):
        RESIDENT = "resident", _("居民手机")
        PHONE = "phone", _("电话")
        COUNTER = "counter", _("窗口")
        WECHAT_GROUP = "wechat_group", _("微信群")
        GRID = "grid", _("网格员发现")
        SHEET = "sheet", _("表格导入")
        OPEN311 = "open311", _("Open311")
        API = "api", _("接口")

    code = models.CharField(_("编号"), max_length=24, unique=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.REGISTERED)
    is_open = models.BooleanField(default=True)
    outcome = models.CharField(_("办理结果"), max_length=10, choices=Outcome, blank=True)
    channel = models.CharField(_("来源"), max_length=16, choices=Channel)
    found_by_us = models.BooleanField(_("主动发现"), default=False)
    is_anonymous = models.BooleanField(_("匿名"), default=False)

    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="cases", db_index=False)
    description = models.TextField(_("反映内容"), blank=True)
    attributes = models.JSONField(_("附加信息"), default=dict, blank=True)
    photos = models.JSONField(_("照片"), default=list, blank=True)
    is_public = models.BooleanField(_("公开"), default=False)
    may_publish = models.BooleanField(_("反映人同意公开"), default=False)
    public_words = models.CharField(_("公开内容"), max_length=500, blank=True)

    district = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    street = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    community = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    grid = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="cases", db_index=False)
    place_path = models.CharField(max_length=160, blank=True)
    lng = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    address = models.CharField(_("地点"), max_length=200, blank=True)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, null=True, related_name="cases")
    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, null=True, related_name="cases")

    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="cases", db_index=False)
    rule = models.ForeignKey(RoutingRule, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    sent_because = models.CharField(_("派给理由"), max_length=240, blank=True)

    registered_at = models.DateTimeField(_("登记时间"))
    updated_at = models.DateTimeField()
    accept_due = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    respond_due = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    resolve_due = models.DateTimeField(_("承诺时间"), null=True)
    clock_from = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolve_unit = models.CharField(max_length=24, blank=True)
    closed_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    look_again_on = models.DateField(_("回看日期"), null=True)
    next_due = models.DateTimeField(null=True)
    alarm_level = models.CharField(_("提级到"), max_length=12, blank=True)
    is_late = models.BooleanField(_("超时"), default=False)

    rating = models.PositiveSmallIntegerField(_("评价"), null=True)
    rating_words = models.TextField(_("评价内容"), blank=True)
    reopened_times = models.PositiveSmallIntegerField(default=0)
    extended_times = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    repeat_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="repeats")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    outside_key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  null: many cases have no outside number
    search_text = models.TextField(blank=True, editable=False)
    is_counted = models.BooleanField(default=False)
    counted_as = models.CharField(max_length=120, blank=True)

    objects = CaseQuerySet.as_manager()

    is_mine: bool
    helper_ids: set[int]

    class Meta:
        verbose_name = _("诉求")
        verbose_name_plural = _("诉求")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_open=True, state__in=sorted(OPEN)) | (models.Q(is_open=False) & ~models.Q(state__in=sorted(OPEN))),
                name="case_open_as_its_state",
            ),
            models.CheckConstraint(condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)), name="case_rating_1_to_5"),
            models.CheckConstraint(
                condition=models.Q(is_open=True) | models.Q(next_due=None) | models.Q(look_again_on__isnull=False),
                name="case_ended_has_no_clock",
            ),
        )
        indexes = (
            models.Index(fields=["next_due"], condition=models.Q(next_due__isnull=False), name="case_next_due"),
            models.Index(fields=["district", "resolve_due", "id"], condition=IS_OPEN, name="case_open_district"),
            models.Index(fields=["street", "resolve_due", "id"], condition=IS_OPEN, name="case_open_street"),
            models.Index(fields=["community", "resolve_due", "id"], condition=IS_OPEN, name="case_open_community"),
            models.Index(fields=["grid", "resolve_due", "id"], condition=IS_OPEN, name="case_open_grid"),
            models.Index(fields=["body", "resolve_due", "id"], condition=IS_OPEN, name="case_open_body"),
            models.Index(fields=["district", "-id"], name="case_all_district"),
            models.Index(fields=["street", "-id"], name="case_all_street"),
            models.Index(fields=["community", "-id"], name="case_all_community"),
            models.Index(fields=["grid", "-id"], name="case_all_grid"),
            models.Index(fields=["body", "-id"], name="case_all_body"),
            models.Index(fields=["district", "state", "-id"], name="case_state_district"),
            models.Index(fields=["street", "state", "-id"], name="case_state_street"),
            models.Index(fields=["registered_at", "id"], name="case_registered"),
            models.Index(fields=["community", "-id"], condition=models.Q(is_public=True), name="case_public_community"),
            models.Index(fields=["-id"], condition=models.Q(is_public=True), name="case_public"),
            models.Index(fields=["id"], condition=models.Q(is_counted=False), name="case_uncounted"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def is_located(self) -> bool:
        return self.place_id is not None
