from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WhistlesConfig(AppConfig):
    name = "gongzhi.whistles"
    label = "whistles"
    verbose_name = _("吹哨报到")

    def ready(self) -> None:
        from gongzhi.whistles import handlers, panels  # noqa: PLC0415  registrations need the app registry

        handlers.register()
        panels.register()
