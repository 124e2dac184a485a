"""Addresses of Open311 below /open311/v2/."""

from __future__ import annotations

from django.urls import path

from gongzhi.cases.open311 import views

app_name = "open311"
urlpatterns = [
    path("discovery.<slug:form>", views.discovery, name="discovery"),
    path("services.<slug:form>", views.services, name="services"),
    path("services/<str:code>.<slug:form>", views.definition, name="definition"),
    path("requests.<slug:form>", views.requests, name="requests"),
    path("requests/<str:code>.<slug:form>", views.one_request, name="request"),
    path("tokens/<str:token>.<slug:form>", views.token, name="token"),
]
