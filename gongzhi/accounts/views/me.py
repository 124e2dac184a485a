"""My account: what I am called, language, elder mode; personal tokens."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.accounts import actions
from gongzhi.accounts.models import ApiToken, User
from gongzhi.accounts.tokens import SCOPES, create_token, revoke_token
from gongzhi.kernel.errors import DomainError


@login_required
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Preferences of the signed-in user."""
    user = cast(User, request.user)
    if request.method == "POST":
        actions.set_preferences(
            by=user,
            display_name=request.POST.get("display_name", ""),
            locale=request.POST.get("locale", ""),
            elder_mode="elder_mode" in request.POST,
        )
        messages.success(request, _("已保存。"))
        return redirect("accounts:me")
    phone = f"{user.phone[:3]}****{user.phone[-4:]}" if user.phone else ""
    return render(request, "accounts/me.html", {"phone": phone})


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Personal tokens: made, shown once, listed."""
    user = cast(User, request.user)
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            days = int(request.POST.get("days", "90")) if request.POST.get("days", "90").isdigit() else 0
            _token, secret = create_token(by=user, name=request.POST.get("name", ""), scopes=request.POST.getlist("scopes"), days=days)
            context["secret"] = secret
        except DomainError as error:
            context |= {"error": error.message, "field": error.field, "typed": request.POST}
            status = 422
    rows = ApiToken.objects.filter(user=user, revoked_at=None).order_by("-id")
    return render(request, "accounts/tokens.html", {"tokens": rows, "scopes": SCOPES.items(), **context}, status=status)


@login_required
@require_POST
def end_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one of my tokens."""
    revoke_token(by=cast(User, request.user), token_id=token_id)
    messages.success(request, _("令牌已停用。"))
    return redirect("accounts:tokens")
