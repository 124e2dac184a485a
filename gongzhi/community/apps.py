from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "gongzhi.community"
    label = "community"
    verbose_name = _("社区与网格")

    def ready(self) -> None:
        from gongzhi.community.facility_sheet import register_sheets  # noqa: PLC0415  registrations need the app registry

        register_sheets()
