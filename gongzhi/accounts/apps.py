from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "gongzhi.accounts"
    label = "accounts"
    verbose_name = _("账号")

    def ready(self) -> None:
        from gongzhi.accounts import tasks  # noqa: F401, PLC0415  periodic jobs register themselves when they are read
