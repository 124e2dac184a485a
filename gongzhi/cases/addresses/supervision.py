"""Addresses of the supervision pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongzhi.cases.views import supervision

urlpatterns: list[URLPattern] = [path("desk/supervision/", supervision.supervision, name="supervision")]
