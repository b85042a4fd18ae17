"""Cleans responses for the callbacks of any spider, and passes on each of their articles once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.http import Response

from cleaners.site.memory import SiteMemory
from cleaners.site.memory.repeated import without_repeated
from cleaners.types import Article, ObservedPage, PageResult, Rejection
from crawler.cleaning import CleaningWorkers
from crawler.context import ArticleInProgress, CrawlContext
from crawler.fetching.network.to_page import to_page
from crawler.frontier.quota import Quota
from crawler.ledger.lock import LedgerBusyError
from crawler.ledger.types import LedgerError
from crawler.output.delivery.delivery import Delivery
from crawler.output.publishing.handler_outcome import fetch_record, page_settlements
from crawler.output.publishing.registrar import ArticleRegistrar
from crawler.output.publishing.shared_lines import SharedLinesCache
from crawler.run_report.account import SettledUrl, UrlOutcome
from crawler.run_report.report import Report
from crawler.spiders.components import required_extension
from crawler.types import DiscoveredUrl, Role, Source

logger = logging.getLogger("copydesk")

META = "copydesk"
"""Key of a response's ``meta`` with its crawl."""

MAX_CLEANED = 1_000
"""Maximum number of cleaned articles, of some 10 kB each, that are kept until their callback yields them. From older
ones the site's memory learns nothing."""


async def clean_response(response: Response) -> Article | Rejection:
    """Clean the page of a response, in a callback of any spider.

    In a crawl with the add-on the crawl's workers do it, with its settings, its site rules, and what its ledger
    remembers of the site. Elsewhere, as in ``scrapy shell``, it is done in this process, with the default settings.

    Returns:
        The article, which the callback may yield; or the rejection of a page that is none, with its stage and reason. A
        rejection that is yielded is written to ``rejections.jsonl`` beside the output.
    """
    crawl = response.meta.get(META) if response.request is not None else None
    if isinstance(crawl, CrawlReference) and crawl.articles is not None:
        return await crawl.articles.clean(response)
    from cleaners.pipeline import clean  # noqa: PLC0415  parsers are loaded in workers only

    return clean(to_page(response))


class CrawlReference:
    """A reference from a response to its crawl; it is empty once it was written to disk with a request."""

    def __init__(self, articles: Articles | None = None) -> None:
        self.articles = articles

    def __reduce__(self) -> tuple[type[CrawlReference], tuple[()]]:
        """Pickle the class alone."""
        return CrawlReference, ()


class Cleaned(NamedTuple):
    """A cleaned page, until its article is yielded."""

    whole: Article
    """The article before repeated lines are removed."""
    observed: ObservedPage | None


class Articles:
    """The spider middleware that gives a spider's articles to the ledger and the report: each is written once.

    An article whose text in the ledger is the same is dropped; a known article with another text is a revision.
    """

    def __init__(self, crawler: Crawler, workers: CleaningWorkers) -> None:
        self.crawler = crawler
        self._workers = workers
        self._reference = CrawlReference(self)
        self._cleaned: dict[str, Cleaned] = {}
        """Pages that were cleaned, by the id of their article."""
        self._shared = SharedLinesCache(self._site_memory, max_sites=None)  # does not change during the run
        self._beginning = asyncio.Lock()
        self._has_begun = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Find the workers of the crawl.

        Raises:
            NotConfigured: where they are switched off.
        """
        workers = crawler.get_extension(CleaningWorkers)
        if workers is None:
            raise NotConfigured("the extension CleaningWorkers is switched off")
        articles = cls(crawler, workers)
        crawler.signals.connect(articles.spider_opened, signals.spider_opened)
        crawler.signals.connect(articles.spider_closed, signals.spider_closed)
        return articles

    @property
    def _name(self) -> str:
        return self.crawler.spider.name if self.crawler.spider else ""

    @property
    def _delivery(self) -> Delivery | None:
        return self.crawler.get_extension(Delivery)

    @property
    def _report(self) -> Report | None:
        return self.crawler.get_extension(Report)

    async def spider_opened(self, spider: Spider) -> None:
        """Recover the outputs of a killed run before anything is written; only where a ledger exists already."""
        delivery = self._delivery
        if delivery is not None and delivery.has_ledger:
            with suppress(CloseSpider):  # it is raised again with the first article
                await self._begin(delivery)

    def process_spider_input(self, response: Response) -> None:
        """Let :func:`clean_response` find the crawl of a response."""
        response.meta[META] = self._reference

    async def process_spider_output(self, response: Response, result: AsyncIterable[object]) -> AsyncIterator[object]:
        """Pass on requests and items; articles where they are new or changed."""
        async for output in result:
            if isinstance(output, Article):
                if (article := await self._keep(output, response)) is not None:
                    yield article
            elif isinstance(output, Rejection):
                yield await self._keep_rejection(output, response)
            else:
                yield output

    async def clean(self, response: Response) -> Article | Rejection:
        """Clean the page of a response, and remove the lines that its site is known to repeat."""
        page: PageResult = await self._workers.process_page(to_page(response))
        result, observed = page.result, page.observed
        if not isinstance(result, Article):
            return result
        if len(self._cleaned) >= MAX_CLEANED:
            self._cleaned.pop(next(iter(self._cleaned)))
        self._cleaned[result.id] = Cleaned(result, observed)
        if observed is None:
            return result
        shared = await self._shared.of(observed.site)
        return without_repeated(result, observed, shared) if shared is not None else result

    async def _site_memory(self, site: str) -> SiteMemory:
        if self._delivery is None:
            return SiteMemory()
        await self._begin(self._delivery)
        return await self._delivery.ledger.site_memory(site)

    async def _begin(self, delivery: Delivery) -> None:
        """Begin a run in the ledger, at the first article: a spider without articles has no run.

        Raises:
            CloseSpider: when the ledger cannot be used.
        """
        async with self._beginning:
            if self._has_begun:
                return
            try:
                await delivery.start_run()
            except LedgerBusyError as error:  # it was logged
                raise CloseSpider("ledger") from error
            except (LedgerError, OSError) as error:
                logger.error("the crawl ends: %s", error)  # noqa: TRY400  one clear line
                raise CloseSpider("ledger") from error
            self._has_begun = True

    async def _keep(self, article: Article, response: Response) -> Article | None:
        """The article with its revision; None where the ledger has it unchanged."""
        delivery = self._delivery
        if delivery is None:
            return article
        await self._begin(delivery)
        cleaned = self._cleaned.pop(article.id, None)
        context = self._context(response)
        observed = (cleaned.observed,) if cleaned and cleaned.observed else ()
        pending = ArticleInProgress(
            source=context.source,
            target=context.target,
            first_fetch=replace(fetch_record(context, response), observed=observed),
            pages=(cleaned.whole if cleaned is not None else article,),
            observed=observed,
        )
        outcome = await self._registrar.register((article,), pending)
        for item, item_record in outcome.items:
            delivery.expect(item, item_record)
        for record in outcome.records:
            await delivery.group.add(record)
        published = next((item for item, _ in outcome.items if isinstance(item, Article)), None)
        if published is None:
            self.crawler.stats.inc_value("article/unchanged_count")
        self._count(published, outcome.settled)
        return published

    @cached_property
    def _registrar(self) -> ArticleRegistrar:
        delivery = required_extension(self.crawler, Delivery)
        return ArticleRegistrar(
            articles=delivery.articles,
            quota=Quota(None),
            is_refresh=delivery.is_overwriting,
            with_duplicates=True,
            with_aliases=True,
            count=self._count_statistic,
        )

    def _count_statistic(self, name: str, by: int = 1) -> None:
        if by:
            self.crawler.stats.inc_value(f"{name}_count", by)

    async def _keep_rejection(self, rejection: Rejection, response: Response) -> Rejection:
        if self._delivery is not None:
            await self._begin(self._delivery)
            context = self._context(response)
            self._delivery.expect(rejection, fetch_record(context, response))
            self._count(rejection, page_settlements(context.target, UrlOutcome.REJECTED, rejection.reason))
        return rejection

    def _context(self, response: Response) -> CrawlContext:
        url = response.request.url if response.request is not None else response.url
        source = Source(url=url, name=self._name)
        return CrawlContext(source=source, target=DiscoveredUrl(url=url, role=Role.ARTICLE))

    def _count(self, item: Article | Rejection | None, settled: tuple[SettledUrl, ...]) -> None:
        if (report := self._report) is not None:
            is_new = [report.tally.settle(self._name, url) for url in settled]
            if item is not None:
                report.count_item(self._name, item, settled if all(is_new) else ())

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Close the account of the run."""
        if (report := self._report) is not None and self._has_begun:
            report.close_account({}, is_finished=reason == "finished")
