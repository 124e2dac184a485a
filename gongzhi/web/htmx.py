"""Whether htmx asks for a part of a page or for the whole."""

from __future__ import annotations

from django.http import HttpRequest


def wants_part(request: HttpRequest) -> bool:
    """True when only the content is wanted: not for a boosted link, nor when the browser goes back to a lost page."""
    asked = request.headers.get("HX-Request") == "true"
    whole = request.headers.get("HX-Boosted") == "true" or request.headers.get("HX-History-Restore-Request") == "true"
    return asked and not whole
