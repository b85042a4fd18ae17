"""Publishes the articles that were held back for the memory of their sites, once nothing else is left to do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from crawler.crawl.site_memories import SiteMemories
from crawler.scheduling.context import CrawlContext

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

URL = "about:held"
"""Of the response that stands for the articles; nothing is requested."""


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
        self._is_releasing = False
        crawler.signals.connect(self.spider_idle, signals.spider_idle)

    def spider_idle(self) -> None:
        """Have Scrapy handle what is held back like the results of a response, so that it waits for them.

        Raises:
            DontCloseSpider: where anything is held back.
        """
        if not self.memories.held and not self.memories.has_ready:
            return
        self.memories.settle_all()
        request = Request(URL, callback=self.release)
        handled = self.crawler.engine.scraper.enqueue_scrape(Response(URL, request=request), request)
        handled.addBoth(self._wake)
        raise DontCloseSpider

    async def release(self, response: Response) -> AsyncIterator[Any]:
        """The items and requests of the articles that need not wait any more; a callback of Scrapy's."""
        async for result in self.released():
            yield result

    async def released(self) -> AsyncIterator[Any]:
        """The items and requests of the articles that need not wait any more.

        Each of them asks for the others in turn: the first one gives all. Where one fails, the others come with the
        next response, or when the crawl is idle again.
        """
        if self._is_releasing:
            return
        self._is_releasing = True
        try:
            while (context := self.memories.next_ready()) is not None:
                async for result in self._publish(context):
                    yield result
        finally:
            self._is_releasing = False

    def _wake(self, _: object) -> None:
        slot = self.crawler.engine._slot  # noqa: SLF001  it would ask only in 5 s whether there is more to do
        if slot is not None:
            slot.nextcall.schedule()
