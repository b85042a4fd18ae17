"""The extension that cleans pages and reads listings in worker processes, so that the reactor is not blocked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from scrapy import Spider, signals

from cleaners.context import CleanContext
from cleaners.types import Page, PageRejected, PageResult, Reason, Stage
from cleaners.workers.pool import Pool
from crawler.config.settings_values import SettingsValues
from crawler.listings.parse import read_listing
from crawler.listings.types import DocumentKind, Limits, Listing
from crawler.workers.pool import worker_pool

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class CleaningWorkers:
    """Processes pages and listings in ``COPYDESK_CLEAN_WORKERS`` processes, or in the current one when that is 0."""

    def __init__(self, context: CleanContext, limits: Limits, pool: Pool | None) -> None:
        self.context = context
        self.limits = limits
        self.pool = pool

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the number of workers, the limits and the cleaning context from the settings."""
        values = SettingsValues.of(crawler.settings)
        limits = Limits(
            feed_entries=values.feed_max_entries,
            sitemap_urls=values.sitemap_max_urls,
            index_sitemaps=values.sitemap_max_sitemaps,
        )
        pool = worker_pool(values, values.clean_workers) if values.clean_workers > 0 else None
        workers = cls(values.clean_context, limits, pool)
        crawler.signals.connect(workers.spider_closed, signals.spider_closed)
        return workers

    async def process_page(self, page: Page, *, with_links: bool = False) -> PageResult:
        """Clean a page, and collect its links with ``with_links``."""
        if self.pool is None:
            from cleaners.pipeline import process_page  # noqa: PLC0415  parsers are loaded in workers only

            return process_page(page, self.context, with_links=with_links)
        return await asyncio.wrap_future(self.pool.submit(page, with_links=with_links))

    async def read_listing(self, kind: DocumentKind, data: bytes, url: str) -> Listing:
        """Read a feed or a sitemap.

        Raises:
            PageRejected: stage ``fetch``, ``damaged``, when it cannot be read; stage ``worker``, when it takes too much
                time or memory.
        """
        if self.pool is None:
            listing = read_listing(kind, data, url, self.limits)
        else:
            listing = await asyncio.wrap_future(self.pool.run(read_listing, kind, data, url, self.limits))
        if listing.error is not None:
            raise PageRejected(Stage.FETCH, Reason.DAMAGED, listing.error)
        return listing

    def spider_closed(self, spider: Spider) -> None:
        """Stop the workers."""
        if self.pool is not None:
            self.pool.close()
