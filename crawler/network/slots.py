"""A host's place in Scrapy's downloader: how it rests, and how what waits there is let go."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from twisted.python.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Request
    from scrapy.core.downloader import Slot

    from crawler.network.exceptions import RequestDeferred

MIN_DELAY = 0.01
"""Seconds; any delay that is not zero. Without one Scrapy does not look at the last request's time."""


def back_off(slot: Slot, seconds: float) -> None:
    """Let nothing be asked of a host for so long."""
    slot.delay = max(slot.delay, MIN_DELAY)
    slot.lastseen = max(slot.lastseen, time.monotonic() + seconds - slot.delay)


def is_backing_off(slot: Slot, seconds: float) -> bool:
    """True for a host that is asked nothing for so long, or for which a request waits already."""
    return bool(slot.queue) or slot.lastseen + slot.delay > time.monotonic() + seconds


def fail_queued(slot: Slot, why: Callable[[Request], RequestDeferred | None]) -> None:
    """End the requests that wait for a host, those that there is a reason for; what is on its way comes."""
    waiting = list(slot.queue)
    slot.queue.clear()
    for request, answer in waiting:
        reason = why(request)
        if reason is None:
            slot.queue.append((request, answer))
        else:
            answer.errback(Failure(reason))  # type: ignore[no-untyped-call]
