from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HotlineConfig(AppConfig):
    name = "gongzhi.hotline"
    label = "hotline"
    verbose_name = _("热线对接")

    def ready(self) -> None:
        from gongzhi.hotline import handlers  # noqa: PLC0415  registrations need the app registry

        handlers.register()
