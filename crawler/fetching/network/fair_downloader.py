"""Scrapy's downloader, changed to exclude stalled requests from ``CONCURRENT_REQUESTS``."""

from __future__ import annotations

import time

from scrapy import Request, signals
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.asyncio import CallLaterResult, call_later

from crawler.scrapy_internals import wake_engine

STALLED_SECONDS = 1.0
"""Seconds in flight after which a request counts as stalled, and so do further requests to its host until it responds:
pages that are sent at all are sent within a second."""

COUNT_SECONDS = 0.05
"""Seconds after which stalled requests are counted anew. Scrapy asks several times for each page."""

MOST_STALLED = 15
"""Most stalled requests for each of ``CONCURRENT_REQUESTS``, which bounds connections and memory: of ten hanging hosts
each holds one."""


class FairDownloader(Downloader):
    """Counts only the requests of hosts that respond against ``CONCURRENT_REQUESTS``.

    Otherwise ten hanging hosts would occupy ten of sixteen concurrent requests for a minute each.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._since: dict[Request, float] = {}
        """When each request in flight was first seen."""
        self._hanging: set[str] = set()
        """Keys of the slots of hosts that hang."""
        self._stalled = 0
        """Number of stalled requests, which do not count against ``CONCURRENT_REQUESTS``."""
        self._next_count = 0.0
        """Time of the monotonic clock at which they are counted again."""
        self._timer: CallLaterResult | None = None
        crawler.signals.connect(self._responded, signals.response_received)

    def _responded(self, response: Response, request: Request) -> None:
        self._hanging.discard(self.get_slot_key(request))

    def needs_backout(self) -> bool:
        """True where no further request is to be taken from the queue."""
        most = self.total_concurrency
        if not most or len(self.active) < most:
            return False
        now = time.monotonic()
        if now >= self._next_count:
            self._next_count = now + COUNT_SECONDS
            self._stalled = min(self._count_stalled(now), MOST_STALLED * most)
        is_full = len(self.active) - self._stalled >= most
        if is_full and self._timer is None:
            self._timer = call_later(STALLED_SECONDS + COUNT_SECONDS, self._look_again)
        return is_full

    def _look_again(self) -> None:
        """Let the engine check the queue even if no response arrives; by itself it does so every five seconds."""
        self._timer = None
        wake_engine(self.crawler)

    def close(self) -> None:
        """Stop the timer."""
        if self._timer is not None:
            self._timer.cancel()
        super().close()

    def _count_stalled(self, now: float) -> int:
        """Number of requests in flight to hosts that hang."""
        self._since = {request: self._since.get(request, now) for request in self.active}
        keys = {request: self.get_slot_key(request) for request in self.active}
        self._hanging |= {keys[request] for request, since in self._since.items() if now - since > STALLED_SECONDS}
        return sum(key in self._hanging for key in keys.values())
