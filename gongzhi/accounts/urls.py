"""Addresses below /accounts/: allauth's and our own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
