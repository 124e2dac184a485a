"""Our own addresses below /accounts/."""

from __future__ import annotations

from django.urls import path

from gongzhi.accounts.views import me, sign_in

app_name = "accounts"
urlpatterns = [
    path("phone/", sign_in.phone, name="phone"),
    path("demo/", sign_in.demo, name="demo"),
    path("me/", me.me, name="me"),
    path("me/phone/", me.my_phone, name="my_phone"),
    path("tokens/", me.tokens, name="tokens"),
    path("tokens/<int:token_id>/end/", me.end_token, name="end_token"),
]
