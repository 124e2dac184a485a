"""Addresses below /accounts/: our own, and of allauth only what we show: password sign-in, sign-out, second factor."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import include, path

urlpatterns = [
    path("", include("gongzhi.accounts.own_urls")),
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("signup/", allauth.signup, name="account_signup"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
