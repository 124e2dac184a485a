"""Giving and ending posts: a person in a role, in a body and place, from a day to a day (mission 2)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.community import policy
from gongzhi.community.events import PostChanged
from gongzhi.community.models import Body, Place, Post
from gongzhi.kernel import audit, clock, events
from gongzhi.kernel.errors import DomainError


@transaction.atomic
def give_post(
    *,
    user_id: int,
    role: str,
    body: Body,
    by: int | None,
    place: Place | None = None,
    starts_on: dt.date | None = None,
    categories: tuple[str, ...] = (),
) -> Post:
    """Give a post; without a place it covers the body's own area."""
    if role not in policy.REACH:
        raise DomainError(_("没有这个岗位，请从列表里选。"), field="role")
    post = Post.objects.create(
        user_id=user_id, role=role, body=body, place=place or body.place, starts_on=starts_on or clock.today(), categories=list(categories)
    )
    audit.record(verb="post.give", obj=post, by=by, facts={"user": user_id, "role": role, "body": body.pk, "place": post.place_id})
    events.publish(PostChanged(post.pk))
    return post


@transaction.atomic
def end_post(*, post: Post, by: int | None, ends_on: dt.date | None = None) -> Post:
    """End a post; the given day is the last one held."""
    ends_on = ends_on or clock.today()
    if ends_on < post.starts_on:
        raise DomainError(_("结束日期不能早于任职开始。"), field="ends_on")
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    audit.record(verb="post.end", obj=post, by=by, facts={"ends_on": ends_on.isoformat()})
    events.publish(PostChanged(post.pk))
    return post
