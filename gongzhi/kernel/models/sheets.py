"""Imports of sheets: how far each has come, and which rows were refused and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetImport(models.Model):
    """One uploaded sheet on its way in. Its rows lie in a file beside the database until it is finished."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("已上传，请核对列名")
        MAPPED = "mapped", _("列名已对好，请检查内容")
        CHECKING = "checking", _("正在检查")
        CHECKED = "checked", _("已检查，可以导入")
        RUNNING = "running", _("正在导入")
        DONE = "done", _("已导入")
        FAILED = "failed", _("没有导完")
        CANCELLED = "cancelled", _("已取消")

    token = models.CharField(_("编号"), max_length=32, unique=True)
    spec = models.CharField(_("表格种类"), max_length=60)
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("内容校验值"), max_length=64)
    uploaded_by_id = models.BigIntegerField(_("上传人"), null=True)
    options = models.JSONField(_("选项"), default=dict)
    header = models.JSONField(_("表头"), default=list)
    mapping = models.JSONField(_("列的对应"), default=dict)
    state = models.CharField(_("进度"), max_length=12, choices=State, default=State.UPLOADED)
    total = models.PositiveIntegerField(_("总行数"), default=0)
    done = models.PositiveIntegerField(_("已处理行数"), default=0)
    imported = models.PositiveIntegerField(_("已导入行数"), default=0)
    refused = models.PositiveIntegerField(_("未导入行数"), default=0)
    offset = models.PositiveBigIntegerField(_("读到的位置"), default=0)
    preview = models.JSONField(_("预览"), default=list)
    errors = models.JSONField(_("问题举例"), default=list)
    message = models.TextField(_("说明"), blank=True, default="")
    created_at = models.DateTimeField(_("上传时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("表格导入")
        verbose_name_plural = _("表格导入")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["uploaded_by_id", "-id"], name="sheet_import_by_person")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)


class SheetRefusal(models.Model):
    """A row that did not come in, and the sentence about it."""

    sheet = models.ForeignKey(SheetImport, models.CASCADE, related_name="refusals", verbose_name=_("表格导入"))
    row = models.PositiveIntegerField(_("行号"))
    reason = models.TextField(_("原因"))

    class Meta:
        verbose_name = _("未导入的行")
        verbose_name_plural = _("未导入的行")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["sheet", "row"], name="one_refusal_per_row")]

    def __str__(self) -> str:
        return f"{self.row}"
