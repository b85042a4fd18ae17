"""Graceful shutdown: a crawl that is stopped finishes its requests in flight, and fails those that are only queued."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.fetching.exceptions import RequestDeferred
from crawler.fetching.network.slots import fail_queued
from crawler.reasons import PendingReason

INTERVAL = 0.5
"""Seconds between checks of whether the engine has stopped."""


class GracefulShutdown:
    """Empties the downloader's queues once the engine stops; Scrapy would first send all queued requests."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._watch: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Watch from the start of the crawl to its end."""
        shutdown = cls(crawler)
        crawler.signals.connect(shutdown.spider_opened, signals.spider_opened)
        crawler.signals.connect(shutdown.spider_closed, signals.spider_closed)
        return shutdown

    def spider_opened(self) -> None:
        """Start to watch."""
        self._watch = asyncio.ensure_future(self.watch())

    def spider_closed(self) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.cancel()

    async def watch(self) -> None:
        """Once the engine has stopped, fail all queued requests."""
        while True:
            await asyncio.sleep(INTERVAL)
            engine = self.crawler.engine
            for slot in engine.downloader.slots.values() if engine.start_time and not engine.running else ():
                fail_queued(slot, lambda _: RequestDeferred(PendingReason.ENDING, "the crawl is ending"))
