"""Addresses of the desk pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongzhi.cases.views import desk, desk_acts

urlpatterns: list[URLPattern] = [
    path("desk/", desk.inbox, name="inbox"),
    path("desk/batch/", desk_acts.batch, name="batch"),
    path("desk/import/", desk.import_sheet, name="import"),
    path("desk/area/<int:place_id>.geojson", desk.area, name="desk_area"),
    path("desk/cases/<str:code>/", desk.one, name="desk_case"),
    path("desk/cases/<str:code>/reveal/", desk_acts.reveal, name="reveal"),
    path("desk/cases/<str:code>/do/<slug:name>/", desk_acts.do, name="desk_act"),
]
