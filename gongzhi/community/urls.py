"""Addresses of the operator's pages."""

from __future__ import annotations

from django.urls import path

from gongzhi.community.views import place_files, places

app_name = "community"

urlpatterns = [
    path("desk/places/", places.root, name="places"),
    path("desk/places/import/", place_files.import_places, name="import"),
    path("desk/places/at/<str:code>/", places.below, name="place"),
    path("desk/places/at/<str:code>/outline.geojson", places.outline, name="outline"),
]
