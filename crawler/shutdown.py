"""An end in time: a crawl that is told to stop waits for what is on its way, not for what still waits to be asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from scrapy import signals

from crawler.network.exceptions import RequestDeferred
from crawler.network.slots import fail_queued

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

INTERVAL = 0.5
"""Seconds between looks at whether the crawl was told to stop."""


class GracefulShutdown:
    """Empties the queues of the downloader once the engine stops: Scrapy would ask for all of them first."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._watch: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Watch from the crawl's begin to its end."""
        leaving = cls(crawler)
        crawler.signals.connect(leaving.spider_opened, signals.spider_opened)
        crawler.signals.connect(leaving.spider_closed, signals.spider_closed)
        return leaving

    def spider_opened(self) -> None:
        """Begin to watch."""
        self._watch = asyncio.ensure_future(self.watch())

    def spider_closed(self) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.cancel()

    async def watch(self) -> None:
        """Once the engine has stopped, send nothing more."""
        while True:
            await asyncio.sleep(INTERVAL)
            engine = self.crawler.engine
            for slot in engine.downloader.slots.values() if engine.start_time and not engine.running else ():
                fail_queued(slot, lambda _: RequestDeferred("ending", "the crawl is ending"))
