"""What a town sets by rows: categories, what is asked for each, promised terms, who gets what, caps, wording."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongzhi.community.models import Body, Place
from gongzhi.kernel import bilingual


class Category(models.Model):
    """A node of the category tree. Things 部件 go to their owner first, events 事件 to their place first (facts.md)."""

    class Kind(models.TextChoices):
        THING = "thing", _("部件")
        EVENT = "event", _("事件")
        CONSULT = "consult", _("咨询")

    class Risk(models.TextChoices):
        DANGER = "danger", _("危险")
        UTILITY = "utility", _("水电气暖")
        ORDINARY = "ordinary", _("一般")
        COMPLEX = "complex", _("复杂")

    code = models.CharField(_("代码"), max_length=32, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级"))
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    kind = models.CharField(_("性质"), max_length=8, choices=Kind, default=Kind.EVENT)
    risk = models.CharField(_("紧急程度"), max_length=8, choices=Risk, default=Risk.ORDINARY)
    is_public = models.BooleanField(_("可以公开"), default=False)
    legal_route = models.CharField(_("法定途径"), max_length=60, blank=True)
    icon = models.CharField(_("图标"), max_length=40, blank=True)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("诉求类别")
        verbose_name_plural = _("诉求类别")
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return bilingual.pick(self.name, self.name_en)


class Attribute(models.Model):
    """A question asked for one category; datatypes are Open311's."""

    class Datatype(models.TextChoices):
        STRING = "string", _("短文字")
        TEXT = "text", _("长文字")
        NUMBER = "number", _("数字")
        DATETIME = "datetime", _("日期时间")
        SINGLE = "singlevaluelist", _("单选")
        MULTI = "multivaluelist", _("多选")

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="attributes")
    code = models.CharField(_("代码"), max_length=32)
    variable = models.BooleanField(_("需要回答"), default=True)
    datatype = models.CharField(_("类型"), max_length=16, choices=Datatype)
    required = models.BooleanField(_("必填"), default=False)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    question = models.CharField(_("问题"), max_length=120)
    question_en = models.CharField(_("英文问题"), max_length=200, blank=True)
    values = models.JSONField(_("选项"), default=list, blank=True, help_text='[{"key": "…", "name": "…", "name_en": "…"}]')

    class Meta:
        verbose_name = _("类别附加问题")
        verbose_name_plural = _("类别附加问题")
        ordering = ("category_id", "position")
        constraints = (models.UniqueConstraint(fields=["category", "code"], name="attribute_once_per_category"),)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return bilingual.pick(self.question, self.question_en)

    def options(self) -> list[tuple[str, str]]:
        """The answers to choose from: (key, name)."""
        return [(str(row["key"]), bilingual.pick(row["name"], row.get("name_en", ""))) for row in self.values]


class Keyword(models.Model):
    """A word that speaks for a category; the suggestion names it as its reason."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="keywords")
    word = models.CharField(_("关键词"), max_length=40)
    weight = models.FloatField(_("权重"), default=1.0)

    class Meta:
        verbose_name = _("关键词")
        verbose_name_plural = _("关键词")
        constraints = (models.UniqueConstraint(fields=["category", "word"], name="keyword_once_per_category"),)

    def __str__(self) -> str:
        return self.word


class TermRule(models.Model):
    """A promised time: for a category or a risk level, one clock, in force from a day. Unconfirmed ones say so."""

    class Clock(models.TextChoices):
        ACCEPT = "accept", _("受理")
        RESPOND = "respond", _("响应")
        RESOLVE = "resolve", _("办结")

    clock = models.CharField(_("时限"), max_length=8, choices=Clock)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, blank=True, related_name="terms", verbose_name=_("类别"))
    risk = models.CharField(_("紧急程度"), max_length=8, choices=Category.Risk, blank=True)
    amount = models.PositiveIntegerField(_("数量"))
    unit = models.CharField(_("单位"), max_length=24)
    source = models.CharField(_("依据"), max_length=200)
    is_confirmed = models.BooleanField(_("已核实"), default=False)
    in_force_on = models.DateField(_("生效日期"))

    class Meta:
        verbose_name = _("承诺时限")
        verbose_name_plural = _("承诺时限")
        ordering = ("clock", "category_id", "risk", "in_force_on")

    def __str__(self) -> str:
        return f"{self.get_clock_display()} {self.amount} {self.unit}"


class RoutingRule(models.Model):
    """Who gets what: the first rule (lowest priority number) whose conditions all hold. Blank means any."""

    priority = models.PositiveIntegerField(_("优先级"), default=100)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("类别（含下级）"))
    category_kind = models.CharField(_("性质"), max_length=8, choices=Category.Kind, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("区域（含下级）"))
    place_kind = models.CharField(_("社区类别"), max_length=12, blank=True)
    owner_kind = models.CharField(_("权属单位类别"), max_length=32, blank=True)
    hours = models.CharField(_("时段"), max_length=12, blank=True, choices=[("working", _("工作时间")), ("closed", _("非工作时间"))])
    to_owner = models.BooleanField(_("派给权属单位"), default=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("派给单位"))
    body_kind = models.CharField(_("派给单位类别"), max_length=32, blank=True)
    why = models.CharField(_("派给理由"), max_length=200)
    why_en = models.CharField(_("英文理由"), max_length=240, blank=True)
    version = models.CharField(_("权责清单版本"), max_length=40, default="1")
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("派遣规则")
        verbose_name_plural = _("派遣规则")
        ordering = ("priority", "id")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return bilingual.pick(self.why, self.why_en)


class Cap(models.Model):
    """A limit this town sets on itself: days of suspension, number of extensions, days to reopen."""

    code = models.CharField(_("代码"), max_length=40, primary_key=True)
    name = models.CharField(_("名称"), max_length=120)
    value = models.PositiveIntegerField(_("数值"))
    source = models.CharField(_("依据"), max_length=200, blank=True)
    is_confirmed = models.BooleanField(_("已核实"), default=False)

    class Meta:
        verbose_name = _("上限")
        verbose_name_plural = _("上限")

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """A standard text of this town: refusal grounds, legal routes, notices."""

    code = models.CharField(_("代码"), max_length=48, primary_key=True)
    kind = models.CharField(_("用途"), max_length=24)
    title = models.CharField(_("标题"), max_length=80)
    title_en = models.CharField(_("英文标题"), max_length=120, blank=True)
    text = models.TextField(_("正文"))
    text_en = models.TextField(_("英文正文"), blank=True)

    class Meta:
        verbose_name = _("标准用语")
        verbose_name_plural = _("标准用语")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return bilingual.pick(self.title, self.title_en)

    @property
    def words(self) -> str:
        return bilingual.pick(self.text, self.text_en)
