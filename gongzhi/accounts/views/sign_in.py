"""Signing in by a phone code, and in demo mode with one tap."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.accounts.models import User
from gongzhi.accounts.phone_codes import check_code, send_code
from gongzhi.kernel.errors import DomainError

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def next_of(request: HttpRequest) -> str:
    """Where to go after; never another site."""
    target = request.POST.get("next") or request.GET.get("next") or "/"
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else "/"


@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """First the number, then the code."""
    context = {"phone": request.POST.get("phone", ""), "next": next_of(request), "sent": False, "error": "", "field": ""}
    if request.method == "POST":
        try:
            if "code" in request.POST:
                context["sent"] = True
                user = check_code(phone=request.POST["phone"], code=request.POST["code"])
                login(request, user, backend=BACKEND)
                return redirect(next_of(request))
            send_code(phone=request.POST.get("phone", ""))
            context["sent"] = True
        except DomainError as error:
            context |= {"error": error.message, "field": error.field or "phone"}
            return render(request, "accounts/phone.html", context, status=422)
    return render(request, "accounts/phone.html", context)


@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """One-tap sign-in as one of the demo cast; it does not exist outside demo mode."""
    user = User.objects.filter(username=request.POST.get("username", ""), is_demo=True, is_active=True).first()
    if not settings.GONGZHI_DEMO or user is None:
        raise Http404
    login(request, user, backend=BACKEND)
    return redirect(next_of(request))
