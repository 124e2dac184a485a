from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "gongzhi.cases"
    label = "cases"
    verbose_name = _("诉求办理")

    def ready(self) -> None:
        from gongzhi.cases import handlers  # noqa: PLC0415  registrations need the app registry

        handlers.register()
