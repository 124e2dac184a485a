"""A program that calls with a personal token: the token, its owner and the posts held today, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongzhi.accounts.models import ApiToken, User
from gongzhi.accounts.tokens import PREFIX, digest_of
from gongzhi.community.actors import Actor, held_from_rows
from gongzhi.kernel import clock

POST_COLUMNS = ("id", "role", "body_id", "place_id", "place__kind", "categories", "starts_on", "ends_on", "body__is_active")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls and what the token allows."""

    user: User
    scopes: frozenset[str]
    actor: Actor


def caller_of(raw: str) -> Caller | None:
    """The caller behind a token; None when it is unknown, ended, expired, or its owner cannot sign in."""
    if not raw.startswith(PREFIX) or len(raw) > 100:
        return None
    columns = [f"user__posts__{name}" for name in POST_COLUMNS]
    token = ApiToken.objects.filter(digest=digest_of(raw), revoked_at=None, user__is_active=True)
    rows = list(token.values_list("id", "user_id", "scopes", "expires_at", "last_used_on", "user__username", "user__locale", *columns))
    if not rows or (rows[0][3] is not None and rows[0][3] <= clock.now()):
        return None
    token_id, user_id, scopes, _expires, last_used, username, locale = rows[0][:7]
    if last_used != clock.today():
        ApiToken.objects.filter(pk=token_id).update(last_used_on=clock.today())
    user = User(pk=user_id, username=username, locale=locale)
    return Caller(user, frozenset(scopes), Actor(user_id=user_id, held=held_from_rows(_held(rows))))


def _held(rows: list[Any]) -> list[Any]:
    today = clock.today()
    posts = [row[7:] for row in rows if row[7] is not None]
    return [
        post[:6]
        for post in sorted(posts, key=lambda post: int(post[0]))
        if post[6] <= today and (post[7] is None or post[7] >= today) and post[8]
    ]
