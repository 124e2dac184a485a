"""Signing in by a phone code, and in demo mode with one tap."""

from __future__ import annotations

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.accounts.forms import CodeForm, PhoneForm, add_refusal
from gongzhi.accounts.models import User
from gongzhi.accounts.phone_codes import send_code, sign_in_by_code
from gongzhi.kernel.errors import DomainError


def next_of(request: HttpRequest) -> str:
    """Where to go after; never another site."""
    target = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "/"


@never_cache
@sensitive_post_parameters("phone", "code")
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponseBase:
    """First the number, then the code."""
    if request.method == "GET":
        return _page(request, PhoneForm())
    if "code" in request.POST:
        return _check(request, CodeForm(request.POST))
    return _send(request, PhoneForm(request.POST))


def _send(request: HttpRequest, form: PhoneForm) -> HttpResponseBase:
    if not form.is_valid():
        return _page(request, form, status=422)
    if not ratelimit.consume(request, action="send_code"):
        busy: HttpResponseBase = ratelimit.respond_429(request)
        return busy
    try:
        send_code(phone=form.cleaned_data["phone"])
    except DomainError as error:
        add_refusal(form, error)
        return _page(request, form, status=422)
    return _page(request, CodeForm(initial=form.cleaned_data), sent=True)


def _check(request: HttpRequest, form: CodeForm) -> HttpResponseBase:
    if not form.is_valid():
        return _page(request, form, sent=True, status=422)
    try:
        user = sign_in_by_code(**form.cleaned_data)
    except DomainError as error:
        add_refusal(form, error)
        return _page(request, form, sent=True, status=422)
    return _enter(request, user)


def _page(request: HttpRequest, form: forms.Form, *, sent: bool = False, status: int = 200) -> HttpResponse:
    return render(request, "accounts/phone.html", {"form": form, "sent": sent, "next": next_of(request)}, status=status)


def _enter(request: HttpRequest, user: User) -> HttpResponseBase:
    """Through allauth's stages, so that a second factor is asked whichever way one came."""
    response: HttpResponseBase = perform_login(request, user, redirect_url=next_of(request))
    return response


@require_POST
def demo(request: HttpRequest) -> HttpResponseBase:
    """One-tap sign-in as one of the demo cast; it does not exist outside demo mode."""
    username = request.POST.get("username", "").replace("\0", "")
    user = User.objects.filter(username=username, is_demo=True, is_active=True).first()
    if not settings.GONGZHI_DEMO or user is None:
        raise Http404
    return _enter(request, user)
