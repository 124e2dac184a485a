"""Addresses of the grid worker's pages."""

from __future__ import annotations

from django.urls import path

from gongzhi.cases.views import field

urlpatterns = [
    path("today/", field.today, name="today"),
    path("found/", field.found, name="found"),
    path("today/<str:code>/", field.handle, name="handle"),
    path("today/<str:code>/do/<slug:name>/", field.do, name="field_act"),
]
