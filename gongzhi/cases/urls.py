"""Addresses of cases, a file per who looks under `addresses/`."""

from __future__ import annotations

from gongzhi.cases.addresses import desk, field, resident, supervision

app_name = "cases"
urlpatterns = [*resident.urlpatterns, *field.urlpatterns, *desk.urlpatterns, *supervision.urlpatterns]
