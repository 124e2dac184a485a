"""Registration of the room with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web room, label ``web``."""

    name = "gongzhi.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
