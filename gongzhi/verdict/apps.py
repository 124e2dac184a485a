from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerdictConfig(AppConfig):
    name = "gongzhi.verdict"
    label = "verdict"
    verbose_name = _("群众评判")

    def ready(self) -> None:
        from gongzhi.verdict import handlers  # noqa: PLC0415  registrations need the app registry

        handlers.register()
