"""A host's place in Scrapy's downloader: how it rests, and how what waits there is let go."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from twisted.python.failure import Failure

if TYPE_CHECKING:
    from scrapy.core.downloader import Slot

    from crawler.refusal import NotAsked

LEAST_DELAY = 0.01
"""Seconds; any delay that is not zero. Without one Scrapy does not look at the last request's time."""


def rest(slot: Slot, seconds: float) -> None:
    """Let nothing be asked of a host for so long."""
    slot.delay = max(slot.delay, LEAST_DELAY)
    slot.lastseen = max(slot.lastseen, time.monotonic() + seconds - slot.delay)


def let_go(slot: Slot, why: NotAsked) -> None:
    """End the requests that wait for a host; what is on its way comes."""
    while slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(Failure(why))  # type: ignore[no-untyped-call]
