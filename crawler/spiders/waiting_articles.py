"""Publishes held articles when the page or site memory that they wait for is available, or when the crawl is idle."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from crawler.context import ArticleInProgress
from crawler.output.publishing.site_memories import SiteMemories
from crawler.output.publishing.waiting_urls import Waiter, WaitingUrls
from crawler.scrapy_internals import wake_engine

URL = "about:held"
"""URL of the artificial response for which Scrapy publishes the articles; it is never requested."""


class WaitingArticles:
    """Publishes held articles when the crawl is idle; a crawl that is stopped leaves them for the next run.

    Args:
        crawler: the crawl.
        memories: holds articles back until the memory of their site is complete.
        waiting: holds articles back until another page has an outcome.
        publish: gives the items and requests of an article that ``memories`` held back, or of one of ``waiting``.
    """

    def __init__(
        self,
        crawler: Crawler,
        memories: SiteMemories,
        waiting: WaitingUrls,
        publish: Callable[[ArticleInProgress | Waiter], AsyncIterator[object]],
    ) -> None:
        self.crawler = crawler
        self.memories = memories
        self.waiting = waiting
        self._publish = publish
        self._is_releasing = False
        crawler.signals.connect(self.spider_idle, signals.spider_idle)

    def spider_idle(self) -> None:
        """Have Scrapy handle what is held back like the results of a response, so that it waits for them.

        Raises:
            DontCloseSpider: where anything is held back.
        """
        if self.memories.waiting_count or self.memories.has_ready:  # these first: others may wait for one of them
            self.memories.settle_all()
        elif not self.waiting.is_empty:
            self.waiting.settle_all()
        else:
            return
        request = Request(URL, callback=self.release)
        handled = self.crawler.engine.scraper.enqueue_scrape(Response(URL, request=request), request)
        handled.addBoth(lambda _: wake_engine(self.crawler))
        raise DontCloseSpider

    async def release(self, response: Response) -> AsyncIterator[object]:
        """The items and requests of the articles that need not wait any more; a callback of Scrapy's."""
        async for result in self.publish_ready():
            yield result

    async def publish_ready(self) -> AsyncIterator[object]:
        """The items and requests of the articles that need not wait any more.

        Publishing an article calls this method again; only the outermost call yields, and it yields all articles. When
        one of them fails, the next response or the next idle crawl publishes the others.
        """
        if self._is_releasing:
            return
        self._is_releasing = True
        try:
            while (ready := self.memories.next_ready() or self.waiting.next_ready()) is not None:
                async for result in self._publish(ready):
                    yield result
        finally:
            self._is_releasing = False
