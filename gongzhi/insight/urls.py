"""Addresses of boards below /board/."""

from __future__ import annotations

from django.urls import path

from gongzhi.insight.views import board

app_name = "insight"
urlpatterns = [
    path("", board.home, name="board"),
    path("<str:code>/", board.area, name="area"),
    path("<str:code>/areas.geojson", board.areas, name="areas"),
]
