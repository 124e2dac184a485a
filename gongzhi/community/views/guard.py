"""The door of the operator's pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from gongzhi.community import rules
from gongzhi.kernel.errors import NotAllowed

View = Callable[..., HttpResponseBase]


def operators_only(view: View) -> View:
    """Strangers sign in first, others are told in words."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not rules.is_operator(request.user):
            raise NotAllowed()
        return view(request, *args, **kwargs)

    return guarded
