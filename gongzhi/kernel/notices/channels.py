"""Ways out of the house. A channel raises if it is not sure that the message left."""

import sys
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Message:
    """`key` is the same at every repeat: a gateway that knows it drops the second."""

    key: str
    title: str
    body: str
    url: str
    phone: str = ""
    recipient: Any = None


class Channel(Protocol):
    def send(self, message: Message) -> None: ...


class Console:
    """For development and for an instance without a gateway: the worker's own output, in demo mode with the number."""

    def send(self, message: Message) -> None:
        to = message.recipient or (message.phone if getattr(settings, "GONGZHI_DEMO", False) else masked(message.phone))
        sys.stdout.write(f"[{message.key}] {to}: {message.title} {message.body} {message.url}\n")
        sys.stdout.flush()


def masked(phone: str) -> str:
    """`138****0000`: enough for its owner to recognise it."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"


_channels: dict[str, Channel] = {"console": Console()}


def register_channel(name: str, channel: Channel) -> None:
    """Open a way out, in `AppConfig.ready()`: a short-message gateway, WeCom, mail."""
    _channels[name] = channel


def channel_named(name: str) -> Channel:
    """Raises LookupError for a channel that this instance does not have."""
    if name not in _channels:
        raise LookupError(f"no channel named {name}")
    return _channels[name]
