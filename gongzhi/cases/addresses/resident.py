"""Addresses of the resident's pages."""

from __future__ import annotations

from django.urls import path

from gongzhi.cases.views import deferred, nearby, reporting, resident

urlpatterns = [
    path("report/", reporting.report, name="report"),
    path("report/suggest/", reporting.suggest, name="suggest"),
    path("report/questions/", reporting.questions, name="questions"),
    path("report/where/", reporting.where, name="where"),
    path("report/similar/", reporting.similar, name="similar"),
    path("report/similar/inside/", reporting.similar_inside, name="similar_inside"),
    path("report/done/<str:code>/", reporting.reported, name="reported"),
    path("q/<str:tag>/", reporting.scan, name="scan"),
    path("mine/", resident.mine, name="mine"),
    path("claim/", resident.claim, name="claim"),
    path("cases/<str:code>/", resident.one, name="case"),
    path("cases/<str:code>/join/", reporting.join, name="join"),
    path("cases/<str:code>/<slug:name>/", resident.act, name="own_act"),
    path("nearby/", nearby.nearby, name="nearby"),
    path("nearby/points.geojson", nearby.points, name="nearby_points"),
    path("nearby/areas.geojson", nearby.areas, name="nearby_areas"),
    path("deferred/", deferred.deferred, name="deferred"),
    path("public/<str:code>/", nearby.public, name="public"),
]
