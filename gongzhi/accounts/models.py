"""Who signs in, the codes sent to phones, and personal tokens for programs."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel import clock
from gongzhi.kernel.crypto import EncryptedTextField


class User(AbstractBaseUser, PermissionsMixin):
    """One who can sign in. No e-mail, no dossier (privacy.md 1): a name to be greeted by, a phone kept encrypted, preferences."""

    username = models.CharField(_("用户名"), max_length=64, unique=True, validators=[UnicodeUsernameValidator()])
    display_name = models.CharField(_("姓名"), max_length=40, blank=True)
    locale = models.CharField(_("语言"), max_length=8, default="zh-hans", choices=[("zh-hans", _("中文")), ("en", "English")])
    elder_mode = models.BooleanField(_("长者版"), default=False)
    phone = EncryptedTextField(_("手机号"), null=True, blank=True)
    phone_index = models.CharField(max_length=64, null=True, blank=True, unique=True)
    is_active = models.BooleanField(_("在用"), default=True)
    is_staff = models.BooleanField(_("可以进设置"), default=False)
    is_demo = models.BooleanField(_("演示账号"), default=False)
    date_joined = models.DateTimeField(_("注册时间"), default=clock.now)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    EMAIL_FIELD = ""

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """The name shown to others."""
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def masked_phone(self) -> str:
        """The phone as its owner recognises it, empty when there is none."""
        return f"{self.phone[:3]}****{self.phone[-4:]}" if self.phone else ""


SCOPES: Final = {
    "cases:read": _("查看我能看到的诉求"),
    "cases:write": _("提交诉求"),
    "cases:act": _("以我的岗位办理诉求"),
}
"""All that a token can be allowed."""


class ApiToken(models.Model):
    """A personal token of narrow scope; only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("用途"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("个人令牌")
        verbose_name_plural = _("个人令牌")

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"

    @property
    def scope_names(self) -> list[str]:
        """What it may do, in words."""
        return [str(SCOPES.get(scope, scope)) for scope in self.scopes]


class PhoneCode(models.Model):
    """The code last sent to a phone, hashed and counted: one row for a phone, so that two requests at once cannot both send."""

    phone_index = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField()
    sent_count = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("手机验证码")
        verbose_name_plural = _("手机验证码")

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M}"
