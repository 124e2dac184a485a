"""What can be asked about users."""

from __future__ import annotations

from collections.abc import Iterable

from gongzhi.accounts.models import ApiToken, User


def demo_accounts_exist() -> bool:
    """Is there any account of the demonstration cast?"""
    return User.objects.filter(is_demo=True).exists()


def list_demo_users(usernames: Iterable[str]) -> dict[str, User]:
    """Those of these demo accounts that can be signed in as, by username."""
    return {user.username: user for user in User.objects.filter(username__in=list(usernames), is_demo=True, is_active=True)}


def list_tokens(user: User) -> list[ApiToken]:
    """The user's tokens that were not ended, newest first; those whose time is over stay until they are ended."""
    return list(ApiToken.objects.filter(user=user, revoked_at=None).order_by("-id"))
