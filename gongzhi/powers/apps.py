from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PowersConfig(AppConfig):
    name = "gongzhi.powers"
    label = "powers"
    verbose_name = _("权责清单")

    def ready(self) -> None:
        from gongzhi.powers import handlers  # noqa: PLC0415  registrations need the app registry

        handlers.register()
