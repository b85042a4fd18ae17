"""The extension that cleans pages and reads listings in worker processes, so that the reactor is not blocked."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from scrapy import Spider, signals
from scrapy.exceptions import CloseSpider

from cleaners.details import clean_with_details
from cleaners.details.types import Details
from cleaners.rejection import rejection
from cleaners.site.memory import SharedLines
from cleaners.types import Page, PageRejected, PageResult, Reason, Stage
from cleaners.workers.worker import WorkerTask
from crawler.config.plan import plan_of
from crawler.config.settings_values import SettingsValues
from crawler.frontier.listings.parse import read_listing
from crawler.frontier.listings.types import DocumentKind, Listing
from crawler.signals import workers_failed

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from cleaners.workers.pool import Pool


class CleaningWorkers:
    """Processes pages and listings in ``COPYDESK_CLEAN_WORKERS`` processes, or in the current one when that is 0.

    Args:
        crawler: the crawl that ends when its workers cannot be started.
        values: the number of workers, their limits, and the context of cleaning.
    """

    def __init__(self, crawler: Crawler, values: SettingsValues) -> None:
        self.crawler = crawler
        self.context = replace(values.clean_context, with_observation=values.site_memory)
        self._values = values
        self._starting: Future[Pool] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the settings; a crawl of Copydesk's own starts its workers at once."""
        workers = cls(crawler, SettingsValues.of(crawler.settings))
        if plan_of(crawler).writes_articles_only:  # another project's spider may clean nothing
            workers.begin()
        crawler.signals.connect(workers.spider_closed, signals.spider_closed)
        return workers

    def begin(self) -> None:
        """Start the workers in a thread of its own: they load while the first pages are fetched."""
        values = self._values
        if self._starting is None and values.clean_workers > 0:
            thread = ThreadPoolExecutor(1, thread_name_prefix="copydesk-pool-start")
            number, with_observation = values.clean_workers, values.site_memory
            self._starting = thread.submit(worker_pool, values, number, with_observation=with_observation)
            thread.shutdown(wait=False)

    async def process_page(self, page: Page, *, with_links: bool = False) -> PageResult:
        """Clean a page, and collect its links with ``with_links``."""
        pool = await self._pool()
        if pool is None:
            from cleaners.pipeline import process_page  # noqa: PLC0415  parsers are loaded in workers only

            return process_page(page, self.context, with_links=with_links)
        return await asyncio.wrap_future(pool.submit(page, with_links=with_links))

    async def clean_with_details(self, page: Page, shared: SharedLines | None) -> Details:
        """Clean a page, and read what is not in the record.

        Args:
            page: the page.
            shared: what the pages of its site share.
        """
        pool = await self._pool()
        if pool is None:
            return clean_with_details(page, self.context, shared)
        try:
            return await asyncio.wrap_future(pool.run(details_in_worker, page, shared))
        except PageRejected as error:  # it took too much time or memory
            return Details(result=rejection(error, page))

    async def read_listing(self, kind: DocumentKind, data: bytes, url: str) -> Listing:
        """Read a feed or a sitemap.

        Raises:
            PageRejected: stage ``fetch``, ``damaged``, when it cannot be read; stage ``worker``, when it takes too much
                time or memory.
        """
        pool = await self._pool()
        if pool is None:
            listing = read_listing(kind, data, url)
        else:
            listing = await asyncio.wrap_future(pool.run(read_listing, kind, data, url))
        if listing.error is not None:
            raise PageRejected(Stage.FETCH, Reason.DAMAGED, listing.error)
        return listing

    async def _pool(self) -> Pool | None:
        """The workers, once they are started.

        Raises:
            CloseSpider: when they cannot be started.
        """
        self.begin()
        if self._starting is None:
            return None
        try:
            return await asyncio.wrap_future(self._starting)
        except (BrokenProcessPool, OSError, RuntimeError) as error:
            self.crawler.signals.send_catch_log(workers_failed, reason=repr(error.__cause__ or error))
            raise CloseSpider("workers_failed") from error

    def spider_closed(self, spider: Spider) -> None:
        """Stop the workers."""
        if self._starting is not None and self._starting.exception() is None:
            self._starting.result().close()


def details_in_worker(page: Page, shared: SharedLines | None) -> Details:
    """Clean a page with the context of the worker in which this runs."""
    return clean_with_details(page, WorkerTask.context, shared)


def worker_pool(values: SettingsValues, workers: int, *, with_observation: bool) -> Pool:
    """Worker processes with the deadline, the memory limit and the context of the settings.

    With ``with_observation`` they also return what the memory of its site needs of an article's page.
    """
    from cleaners.workers.pool import Pool  # noqa: PLC0415  pebble is not needed without workers

    return Pool(
        workers,
        deadline=values.clean_deadline,
        memory=values.clean_memory_bytes,
        context=replace(values.clean_context, with_observation=with_observation),
    )
