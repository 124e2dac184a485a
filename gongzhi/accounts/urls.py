"""Addresses below /accounts/: our own, and of allauth only what we show: password, sign-out, second factor.

One signs up by a phone code: a name and a password alone would let programs make accounts.
"""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", include("gongzhi.accounts.own_urls")),
    path("login/", allauth.login, name="account_login"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("logout/", allauth.logout, name="account_logout"),
    path("signup/", RedirectView.as_view(pattern_name="accounts:phone"), name="account_signup"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
