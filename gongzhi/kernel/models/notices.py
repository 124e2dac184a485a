"""The outbox: what a person is to be told, written in the same transaction as the act it tells of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.crypto import EncryptedTextField

IN_APP = "in_app"
"""The channel that is the row itself: it is delivered by being there."""


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unsent(self) -> "NoticeQuerySet":
        return self.filter(sent_at__isnull=True, gave_up_at__isnull=True)

    def in_app(self) -> "NoticeQuerySet":
        return self.filter(channel=IN_APP)

    def unread(self) -> "NoticeQuerySet":
        return self.in_app().filter(read_at__isnull=True)


class Notice(models.Model):
    """One message to one person by one channel.

    Its words are made on reading, in the reader's language, from kind and params.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("收件人"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    address = EncryptedTextField(_("手机号"), blank=True, default="", help_text=_("加密保存，送达30天后清除。"))
    channel = models.CharField(_("方式"), max_length=20, default=IN_APP)
    kind = models.CharField(_("类别"), max_length=60)
    params = models.JSONField(_("内容"), default=dict, blank=True)
    object_type = models.CharField(_("对象类型"), max_length=60, blank=True, default="")
    object_id = models.BigIntegerField(_("对象"), null=True, blank=True)
    url = models.CharField(_("链接"), max_length=300, blank=True, default="")
    key = models.CharField(_("唯一编号"), max_length=160)
    created_at = models.DateTimeField(_("时间"))
    send_after = models.DateTimeField(_("发送时间"))
    sent_at = models.DateTimeField(_("送出时间"), null=True, blank=True)
    gave_up_at = models.DateTimeField(_("停止重试"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    last_error = models.CharField(_("上次错误"), max_length=300, blank=True, default="")
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["key"], name="notice_once"),
            models.CheckConstraint(name="notice_has_a_receiver", condition=Q(recipient__isnull=False) | ~Q(channel=IN_APP)),
        ]
        indexes = [
            models.Index(
                fields=["send_after", "id"],
                name="notice_unsent",
                condition=Q(sent_at__isnull=True, gave_up_at__isnull=True),
            ),
            models.Index(fields=["recipient", "-created_at"], name="notice_of_person"),
            models.Index(fields=["recipient"], name="notice_unread", condition=Q(read_at__isnull=True, channel=IN_APP)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
