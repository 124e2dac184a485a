"""The demonstration cast on the sign-in page, in demo mode only."""

from __future__ import annotations

from django import template
from django.conf import settings

from gongzhi.accounts.models import User
from gongzhi.accounts.queries import list_demo_cast

register = template.Library()


@register.simple_tag
def demo_cast() -> list[User]:
    """Who can be signed in as with one tap; nobody outside demo mode."""
    return list_demo_cast() if settings.GONGZHI_DEMO else []
