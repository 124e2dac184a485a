"""Addresses under /sheets/: every kind of import has the same pages."""

from django.urls import path

from gongzhi.kernel.views import sheets

app_name = "sheets"

urlpatterns = [
    path("new/<str:spec_name>/", sheets.upload, name="upload"),
    path("<slug:token>/", sheets.show, name="import"),
    path("<slug:token>/progress", sheets.progress, name="progress"),
    path("<slug:token>/errors.xlsx", sheets.errors, name="errors"),
]
