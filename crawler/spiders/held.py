"""Publishes the articles that were held back for the memory of their sites, once nothing else is left to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider

from crawler.crawl.site_memories import SiteMemories
from crawler.scheduling.context import CrawlContext

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler


class HeldArticles:
    """Publishes held articles when the crawl is idle; a crawl that is stopped leaves them for the next run.

    Args:
        crawler: the crawl.
        memories: what holds the articles back.
        publish: the items and requests of one of the articles.
    """

    def __init__(
        self, crawler: Crawler, memories: SiteMemories, publish: Callable[[CrawlContext], AsyncIterator[Any]]
    ) -> None:
        self.crawler = crawler
        self.memories = memories
        self._publish = publish
        self._running: asyncio.Task[None] | None = None
        crawler.signals.connect(self.spider_idle, signals.spider_idle)

    def spider_idle(self) -> None:
        """Start to publish what is held back.

        Raises:
            DontCloseSpider: until it is published.
        """
        if self._running is not None and self._running.done():
            self._running.result()
            self._running = None
        if self._running is None and self.memories.held:
            self.memories.settle_all()
            self._running = asyncio.ensure_future(self._publish_all())
        if self._running is not None:
            raise DontCloseSpider

    async def released(self) -> AsyncIterator[Any]:
        """The items and requests of the articles that need not wait any more."""
        for context in self.memories.release():
            async for result in self._publish(context):
                yield result

    async def _publish_all(self) -> None:
        engine = self.crawler.engine
        async for result in self.released():
            if isinstance(result, Request):
                engine.crawl(result)
            else:
                await engine.scraper.start_itemproc_async(result, response=None)
        if engine._slot is not None:  # noqa: SLF001  it would ask only in 5 s whether there is more to do
            asyncio.get_running_loop().call_soon(engine._slot.nextcall.schedule)  # noqa: SLF001
