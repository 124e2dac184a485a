"""长者版 and language, kept in cookies of this device; and the ping of a phone that looks for a signal."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gongzhi.web.context_processors import ELDER_COOKIE

YEAR = 365 * 24 * 3600


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """POST ``elder`` 0 or 1 and/or ``language``; back to ``next``."""
    response = HttpResponseRedirect(_back(request))
    elder, language = request.POST.get("elder"), request.POST.get("language")
    if elder in ("0", "1"):
        response.set_cookie(ELDER_COOKIE, elder, max_age=YEAR, samesite="Lax")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax")
    return response


def ping(request: HttpRequest) -> HttpResponse:
    """Nothing, quickly: a phone asks whether there is a signal before it sends a form."""
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _back(request: HttpRequest) -> str:
    """Where the person was; never another site."""
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if safe else "/"
