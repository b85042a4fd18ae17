"""Reading beside the crawl: pages, feeds and sitemaps go to worker processes, the reactor only waits for them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from scrapy import Spider, signals

from cleaners.options import Options
from cleaners.types import PageResult
from cleaners.types import Page
from cleaners.workers.pool import Pool
from crawler.config import settings_values
from crawler.listings import parse
from crawler.listings.parse import Limits
from crawler.listings.types import Listing
from crawler.workers import pool

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class CleaningWorkers:
    """Reads pages for the spider, in ``CLEAN_WORKERS`` processes or in this one when that is 0."""

    def __init__(self, options: Options, limits: Limits, pool: Pool | None) -> None:
        self.options = options
        self.limits = limits
        self.pool = pool

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the number of workers, their limits and the choices about cleaning from the settings."""
        settings = crawler.settings
        count = settings.getint("CLEAN_WORKERS")
        cleaning = cls(
            settings_values.options(settings),
            settings_values.limits(settings),
            pool.pool(settings, count) if count > 0 else None,
        )
        crawler.signals.connect(cleaning.spider_closed, signals.spider_closed)
        return cleaning

    async def process_page(self, page: Page, *, with_links: bool = False) -> PageResult:
        """Clean a page and note where it leads."""
        if self.pool is None:
            from cleaners.pipeline import process_page  # noqa: PLC0415  else only workers parse

            return process_page(page, self.options, with_links=with_links)
        return await asyncio.wrap_future(self.pool.submit(page, with_links=with_links))

    async def listing(self, kind: str, data: bytes, url: str) -> Listing:
        """Read a feed or a sitemap.

        Raises:
            Refused: stage ``worker``, when it takes too much time or memory.
        """
        if self.pool is None:
            return parse.read(kind, data, url, self.limits)
        return await asyncio.wrap_future(self.pool.run(parse.read, kind, data, url, self.limits))

    def spider_closed(self, spider: Spider) -> None:
        """Stop the workers."""
        if self.pool is not None:
            self.pool.close()
