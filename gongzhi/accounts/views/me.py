"""My account: what I am called, language, elder mode, phone; personal tokens."""

from __future__ import annotations

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.accounts import actions
from gongzhi.accounts.forms import CodeForm, PhoneForm, PreferencesForm, TokenForm, add_refusal
from gongzhi.accounts.models import User
from gongzhi.accounts.phone_codes import bind_phone, binding, send_code
from gongzhi.accounts.queries import list_tokens
from gongzhi.accounts.tokens import create_token, revoke_token
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError

ELDER_COOKIE = "gz_elder"
"""The device's own choice of `gongzhi.web`, which this room may not import; a test holds the two together."""


@login_required
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Preferences of the signed-in user."""
    user = cast(User, request.user)
    kept = {"display_name": user.display_name, "locale": user.locale, "elder_mode": user.elder_mode}
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=kept)
    if not form.is_valid():
        context = {"form": form, "phone": user.masked_phone, "has_password": user.has_usable_password()}
        return render(request, "accounts/me.html", context, status=422 if form.is_bound else 200)
    actions.set_preferences(by=user, **form.cleaned_data)
    messages.success(request, _("已保存。"))
    response = redirect("accounts:me")
    # What this device was told before would hide what has just been chosen.
    for cookie in (settings.LANGUAGE_COOKIE_NAME, ELDER_COOKIE):
        response.delete_cookie(cookie)
    return response


@never_cache
@sensitive_post_parameters("phone", "code")
@login_required
@require_http_methods(["GET", "POST"])
def my_phone(request: HttpRequest) -> HttpResponse:
    """Keep a phone with my account, or another one: first the number, then the code."""
    user = cast(User, request.user)
    if request.method == "GET":
        return _phone_page(request, PhoneForm())
    coded = "code" in request.POST
    form = CodeForm(request.POST) if coded else PhoneForm(request.POST)
    if not form.is_valid():
        return _phone_page(request, form, sent=coded, status=422)
    try:
        if not coded:
            send_code(phone=form.cleaned_data["phone"], purpose=binding(user))
            return _phone_page(request, CodeForm(initial=form.cleaned_data), sent=True)
        bind_phone(by=user, **form.cleaned_data)
    except DomainError as error:
        add_refusal(form, error)
        return _phone_page(request, form, sent=coded, status=422)
    messages.success(request, _("手机号已记下，以后可以用它登录。"))
    return redirect("accounts:me")


def _phone_page(request: HttpRequest, form: forms.Form, *, sent: bool = False, status: int = 200) -> HttpResponse:
    masked = cast(User, request.user).masked_phone
    return render(request, "accounts/my_phone.html", {"form": form, "sent": sent, "phone": masked}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Personal tokens: made, shown once, listed."""
    user = cast(User, request.user)
    form, secret, status = TokenForm(request.POST if request.method == "POST" else None), "", 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                _token, secret = create_token(by=user, **form.cleaned_data)
                form, status = TokenForm(), 200
            except DomainError as error:
                add_refusal(form, error)
    context = {"form": form, "secret": secret, "tokens": list_tokens(user), "now": clock.now()}
    return render(request, "accounts/tokens.html", context, status=status)


@login_required
@require_POST
def end_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one of my tokens."""
    revoke_token(by=cast(User, request.user), token_id=token_id)
    messages.success(request, _("令牌已停用，用它的程序从现在起进不来了。"))
    return redirect("accounts:tokens")
