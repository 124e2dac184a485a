"""联系社区: the telephone numbers of those near by."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.community.models import Body, Place

MOST = 60


def contact(request: HttpRequest) -> HttpResponse:
    """Bodies of communities and villages that publish a number; ``?place=<code>`` keeps one place and what lies in it."""
    kinds = (Place.Kind.COMMUNITY, Place.Kind.VILLAGE)
    bodies = Body.objects.filter(is_active=True, place__kind__in=kinds).exclude(phone="")
    code = request.GET.get("place", "")
    if code:
        bodies = bodies.filter(place__code=code)
    return render(request, "web/contact.html", {"bodies": bodies.order_by("code")[:MOST]})
