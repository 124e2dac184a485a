"""Addresses under /files/."""

from django.urls import path

from gongzhi.kernel.views import files

app_name = "files"

urlpatterns = [
    path("", files.upload, name="upload"),
    path("<slug:token>/<slug:variant>", files.show, name="show"),
]
