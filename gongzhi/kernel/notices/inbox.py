"""What a person sees in the app."""

from collections.abc import Iterable
from typing import Any

from gongzhi.kernel import clock
from gongzhi.kernel.models.notices import Notice, NoticeQuerySet


def list_for(user: Any) -> NoticeQuerySet:
    """A user's notices, newest first; nobody's for one who is not signed in."""
    if not getattr(user, "pk", None):
        return Notice.objects.none()
    mine = Notice.objects.in_app().filter(recipient_id=user.pk, send_after__lte=clock.now())
    return mine.order_by("-created_at", "-id")


def unread_count(user: Any) -> int:
    """How many notices a user has not read: one indexed count."""
    if not getattr(user, "pk", None):
        return 0
    return Notice.objects.unread().filter(recipient_id=user.pk, send_after__lte=clock.now()).count()


def mark_read(user: Any, ids: Iterable[int] | None = None) -> int:
    """Mark a user's own notices read, all of them or the given ones; how many were unread."""
    if not getattr(user, "pk", None):
        return 0
    mine = Notice.objects.unread().filter(recipient_id=user.pk)
    return (mine if ids is None else mine.filter(pk__in=list(ids))).update(read_at=clock.now())
