"""Every room's addresses."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from gongzhi.web.api import api
from gongzhi.web.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("gongzhi.accounts.urls")),
    path("files/", include("gongzhi.kernel.urls")),
    path("sheets/", include("gongzhi.kernel.sheet_urls")),
    path("open311/v2/", include("gongzhi.cases.open311.urls")),
    path("api/v1/", api.urls),
    path("board/", include("gongzhi.insight.urls")),
    path("desk/powers/", include("gongzhi.powers.urls")),
    path("whistles/", include("gongzhi.whistles.urls")),
    path("mediation/", include("gongzhi.mediation.urls")),
    path("oversight/", include("gongzhi.oversight.urls")),
    path("verdict/", include("gongzhi.verdict.urls")),
    path("hotline/", include("gongzhi.hotline.urls")),
    path("admin/", admin.site.urls),
    path("", include("gongzhi.web.urls")),
    path("", include("gongzhi.community.urls")),
    path("", include("gongzhi.cases.urls")),
]

handler400 = "gongzhi.web.views.errors.bad_request"
handler403 = "gongzhi.web.views.errors.forbidden"
handler404 = "gongzhi.web.views.errors.not_found"
handler500 = "gongzhi.web.views.errors.server_error"
