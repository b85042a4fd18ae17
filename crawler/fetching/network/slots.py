"""A host's slot in Scrapy's downloader: how the host is backed off, and how its queued requests are failed."""

from __future__ import annotations

import time
from collections.abc import Callable

from scrapy import Request
from scrapy.core.downloader import Slot
from twisted.python.failure import Failure

from crawler.fetching.exceptions import RequestDeferred

MIN_DELAY = 0.01
"""Seconds; any delay above zero will do. Without a delay Scrapy ignores the time of the last request."""


def back_off(slot: Slot, seconds: float) -> None:
    """Send no request to a host for this many seconds."""
    slot.delay = max(slot.delay, MIN_DELAY)
    slot.lastseen = max(slot.lastseen, time.monotonic() + seconds - slot.delay)


def is_backing_off(slot: Slot, seconds: float) -> bool:
    """True for a host that gets no request for this many seconds, or that has a queued request already."""
    return bool(slot.queue) or slot.lastseen + slot.delay > time.monotonic() + seconds


def fail_queued(slot: Slot, why: Callable[[Request], RequestDeferred | None]) -> None:
    """Fail the queued requests of a host for which ``why`` returns an error. Requests in flight continue."""
    queued = list(slot.queue)
    slot.queue.clear()
    for request, deferred in queued:
        reason = why(request)
        if reason is None:
            slot.queue.append((request, deferred))
        else:
            deferred.errback(Failure(reason))
