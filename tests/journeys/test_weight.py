"""The first view of the resident's home on a phone that was never here: what goes over the wire."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.people import PHONE, Person
from tests.once import once

pytestmark = [pytest.mark.journey, once]
LIMIT = 300_000
"""Bytes, compressed as sent, headers included."""


def test_first_view_of_home_is_light(person: Callable[..., Person]) -> None:
    guest = person("", PHONE)
    wire = guest.context.new_cdp_session(guest.page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    asked: dict[str, str] = {}
    weighed: dict[str, float] = {}
    wire.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]}))
    wire.on("Network.loadingFinished", lambda event: weighed.update({event["requestId"]: event["encodedDataLength"]}))
    guest.open("/")
    guest.page.wait_for_load_state("networkidle")
    total = sum(weighed.values())
    heaviest = sorted(((round(size), asked.get(key, "")) for key, size in weighed.items()), reverse=True)[:6]
    print(f"home_bytes={total:.0f} requests={len(weighed)}", heaviest)
    assert len(weighed) >= 8
    assert 20_000 < total < LIMIT, heaviest
