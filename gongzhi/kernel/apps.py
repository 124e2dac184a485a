from importlib import import_module, util

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

HOUSE = "gongzhi."
SURFACES = ("tasks", "panels")


class KernelConfig(AppConfig):
    name = "gongzhi.kernel"
    label = "kernel"
    verbose_name = _("平台基础")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Jobs and panels exist by being imported: every room's tasks.py and panels.py, and the kernel's periodic jobs.
        # Imported here, not at the top: they need models, and models need the registry that calls this.
        for name in (
            "gongzhi.kernel.idempotency",
            "gongzhi.kernel.notices",
            "gongzhi.kernel.attachments.housekeeping",
            "gongzhi.kernel.sheets",
            "gongzhi.kernel.search",
        ):
            import_module(name)
        for config in apps.get_app_configs():
            if config.name.startswith(HOUSE):
                for surface in SURFACES:
                    if util.find_spec(f"{config.name}.{surface}"):
                        import_module(f"{config.name}.{surface}")
