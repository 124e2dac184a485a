"""The WSGI entry. Production settings that may lose a commit or open the house are refused here, before the first request."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")

application = get_wsgi_application()

from gongzhi.web.startup import refuse_unsafe_start  # noqa: E402  needs the app registry

refuse_unsafe_start()
connections.close_all()  # the server forks after this: two workers must not speak over one connection
