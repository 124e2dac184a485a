"""Telling people: an outbox written with the act, words made on reading, delivery by the worker.

    register("case.dispatched", title=_("已派单"), body=_("“%(title)s”已派给%(body)s。"), url="/cases/%(code)s/")
    queue(kind="case.dispatched", to=user_ids, obj=case, params={...}, key=f"case.dispatched:{case.pk}:{step.pk}")

A notice in the app is delivered by being there. Everything else goes through a channel, at least once, with one key
that a gateway can use to drop a repeat. Params hold codes, titles and names of offices; never what one must not see on
a locked telephone.
"""

from gongzhi.kernel.models.notices import IN_APP, Notice
from gongzhi.kernel.notices.channels import Channel, Message, register_channel
from gongzhi.kernel.notices.delivery import deliver_due, forget_addresses
from gongzhi.kernel.notices.inbox import list_for, mark_read, unread_count
from gongzhi.kernel.notices.outbox import Address, queue, row
from gongzhi.kernel.notices.words import register, words

__all__ = [
    "IN_APP",
    "Address",
    "Channel",
    "Message",
    "Notice",
    "deliver_due",
    "forget_addresses",
    "list_for",
    "mark_read",
    "queue",
    "register",
    "register_channel",
    "row",
    "unread_count",
    "words",
]
