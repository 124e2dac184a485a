"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from gongzhi.whistles.views import lists, page, printing

app_name = "whistles"
urlpatterns = [
    path("", lists.index, name="index"),
    path("new/<str:code>/", lists.new, name="new"),
    path("<str:code>/", page.show, name="show"),
    path("<str:code>/record.pdf", printing.record, name="record"),
    path("<str:code>/do/<str:name>/", page.act, name="act"),
    path("<str:code>/departments/<int:pk>/<str:name>/", page.coming_act, name="coming_act"),
    path("<str:code>/duties/<int:pk>/<str:name>/", page.duty_act, name="duty_act"),
]
