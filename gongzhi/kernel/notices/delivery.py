"""Sending what waits in the outbox: at least once, with one key, with patience."""

import logging
import re
from datetime import timedelta

from django.conf import settings
from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils import translation

from gongzhi.kernel import clock
from gongzhi.kernel.models.notices import Notice
from gongzhi.kernel.notices.channels import Message, channel_named
from gongzhi.kernel.notices.words import words
from gongzhi.kernel.tasks import periodic

logger = logging.getLogger(__name__)

WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long to wait after each failed attempt; after the last one the notice is given up and stays on record."""
KEEP_ADDRESS = timedelta(days=30)
DAY = 24 * 3600
BATCH = 200
LONG_NUMBER = re.compile(r"\d{7,}")


@periodic(seconds=5)
def deliver_due() -> int:
    """Send what is due, at most 200 at a time; how many were sent."""
    now = clock.now()
    due = Notice.objects.unsent().filter(send_after__lte=now).order_by("send_after", "id").select_related("recipient")
    return sum(_deliver(notice) for notice in due[:BATCH] if _claim(notice))


def _claim(notice: Notice) -> int:
    """Count the attempt before it is made: if this worker dies now, another one tries again after the wait."""
    wait = WAITS[min(notice.attempts, len(WAITS) - 1)]
    return (
        Notice.objects.unsent()
        .filter(pk=notice.pk, attempts=notice.attempts)
        .update(attempts=F("attempts") + 1, send_after=clock.now() + wait)
    )


def _deliver(notice: Notice) -> bool:
    try:
        channel_named(notice.channel).send(_message(notice))
    except Exception as error:
        _note_failure(notice, error)
        return False
    Notice.objects.filter(pk=notice.pk).update(sent_at=clock.now(), last_error="")
    return True


def _message(notice: Notice) -> Message:
    with translation.override(getattr(notice.recipient, "language", "") or settings.LANGUAGE_CODE):
        said = words(notice.kind, notice.params)
    origin = getattr(settings, "SITE_ORIGIN", "")
    return Message(
        key=notice.key,
        title=said.title,
        body=said.body,
        url=f"{origin}{notice.url}" if notice.url else "",
        phone=notice.address or "",
        recipient=notice.recipient,
    )


def _note_failure(notice: Notice, error: Exception) -> None:
    # Gateways like to repeat the number in their answer: it does not belong in an error text or a log.
    text = LONG_NUMBER.sub("…", f"{type(error).__qualname__}: {error}")[:300]
    is_last = notice.attempts + 1 >= len(WAITS)
    logger.warning("notice %s was not delivered, attempt %d: %s", notice.key, notice.attempts + 1, text)
    Notice.objects.filter(pk=notice.pk).update(last_error=text, gave_up_at=clock.now() if is_last else None)


@periodic(seconds=DAY)
def forget_addresses() -> int:
    """Telephone numbers 30 days after they were used or given up; how many."""
    old = Notice.objects.filter(created_at__lt=clock.now() - KEEP_ADDRESS, recipient__isnull=True)
    done = old.exclude(sent_at__isnull=True, gave_up_at__isnull=True)
    return done.annotate(stored=Cast("address", TextField())).exclude(stored="").update(address="")
