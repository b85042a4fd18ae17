"""Cleaning beside the crawl: pages go to worker processes, the reactor only waits for them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from scrapy import Spider, signals

from cleaners.pool import Pool
from cleaners.reading import Reading, read
from cleaners.types import Page

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Cleaning:
    """Reads pages for the spider, in ``CLEAN_WORKERS`` processes or in this one when that is 0."""

    def __init__(self, workers: int, deadline: float) -> None:
        self.pool = Pool(workers, deadline=deadline) if workers > 0 else None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the number of workers and their deadline from the settings."""
        cleaning = cls(crawler.settings.getint("CLEAN_WORKERS"), crawler.settings.getfloat("CLEAN_DEADLINE"))
        crawler.signals.connect(cleaning.spider_closed, signals.spider_closed)
        return cleaning

    async def read(self, page: Page, *, with_links: bool = False) -> Reading:
        """Clean a page and note where it leads."""
        if self.pool is None:
            return read(page, with_links=with_links)
        return await asyncio.wrap_future(self.pool.submit(page, with_links=with_links))

    def spider_closed(self, spider: Spider) -> None:
        """Stop the workers."""
        if self.pool is not None:
            self.pool.close()
