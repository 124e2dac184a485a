from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediationConfig(AppConfig):
    name = "gongzhi.mediation"
    label = "mediation"
    verbose_name = _("纠纷调解")

    def ready(self) -> None:
        from gongzhi.mediation import handlers  # noqa: PLC0415  registrations need the app registry

        handlers.register()
