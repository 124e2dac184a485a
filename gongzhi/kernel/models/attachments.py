"""Pictures that somebody sent: the row; the files lie under MEDIA_ROOT by the digest of their content."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def drafts(self) -> "AttachmentQuerySet":
        """Uploaded and not yet part of anything."""
        return self.filter(owner_id=None)

    def of(self, owner_type: str, owner_id: int) -> "AttachmentQuerySet":
        """What belongs to one object, in the order of arrival."""
        return self.filter(owner_type=owner_type, owner_id=owner_id).order_by("id")


class Attachment(models.Model):
    """One stored file. Its token is its address; who may open it is asked of the room that owns the object."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("照片")
        FILE = "file", _("文件")

    token = models.CharField(_("编号"), max_length=32, unique=True)
    kind = models.CharField(_("种类"), max_length=8, choices=Kind, default=Kind.PHOTO)
    owner_type = models.CharField(_("所属类型"), max_length=60, blank=True, default="")
    owner_id = models.BigIntegerField(_("所属对象"), null=True)
    uploaded_by_id = models.BigIntegerField(_("上传人"), null=True)
    claim_digest = models.CharField(
        _("草稿凭据"), max_length=64, blank=True, default="", help_text=_("没有登录的人凭它看自己刚传的照片；附上以后就清空。")
    )
    mime = models.CharField(_("格式"), max_length=40)
    width = models.PositiveIntegerField(_("宽"))
    height = models.PositiveIntegerField(_("高"))
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("内容校验值"), max_length=64, db_index=True)
    phash = models.CharField(_("画面指纹"), max_length=16, help_text=_("相似的照片指纹相近，用来发现重复反映。"))
    created_at = models.DateTimeField(_("上传时间"))

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["owner_type", "owner_id"], name="attachment_by_owner"),
            models.Index(fields=["created_at"], name="attachment_drafts", condition=models.Q(owner_id__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner_type="", owner_id__isnull=True) | (~models.Q(owner_type="") & models.Q(owner_id__isnull=False)),
                name="attachment_owner_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.token
