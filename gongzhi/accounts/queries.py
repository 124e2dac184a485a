"""What can be asked about users."""

from __future__ import annotations

from gongzhi.accounts.models import User


def demo_accounts_exist() -> bool:
    """Is there any account of the demonstration cast?"""
    return User.objects.filter(is_demo=True).exists()


def list_demo_cast() -> list[User]:
    """The demonstration cast in the order it was made: for one-tap sign-in in demo mode only."""
    return list(User.objects.filter(is_demo=True, is_active=True).order_by("pk"))
