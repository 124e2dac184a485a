"""How a code reaches a phone: an interface and the console. A town's SMS service is one more class named in the settings."""

from __future__ import annotations

import sys
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Gateway(Protocol):
    """Sends one short text. Raises OSError when it could not."""

    def send(self, phone: str, text: str) -> None: ...


class ConsoleGateway:
    """For trying and for tests: the text stands in the server's output."""

    def send(self, phone: str, text: str) -> None:
        sys.stderr.write(f"SMS {phone[:3]}****{phone[-4:]}: {text}\n")


def gateway() -> Gateway:
    """The gateway of this instance (GONGZHI_SMS_GATEWAY: dotted path of a class)."""
    made: Gateway = import_string(settings.GONGZHI_SMS_GATEWAY)()
    return made
