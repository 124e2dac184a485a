from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    name = "gongzhi.oversight"
    label = "oversight"
    verbose_name = _("督办")

    def ready(self) -> None:
        from gongzhi.oversight import handlers  # noqa: PLC0415  registrations need the app registry

        handlers.register()
