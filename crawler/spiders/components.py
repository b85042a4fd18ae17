"""The components that the spider uses."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Self, TypeVar

from scrapy.crawler import Crawler
from scrapy.http import Response

from cleaners.metadata.rights import TERMS, of_headers, reserving, signal, with_rights
from cleaners.types import Article, PageRejected, PageResult, Reason, Stage, Use
from cleaners.urls.resolve import registrable_domain
from crawler.archive.recorder import Archive
from crawler.cleaning import CleaningWorkers
from crawler.config.settings_values import SettingsValues
from crawler.context import CrawlContext, header_pairs
from crawler.fetching.politeness.robots import Robots
from crawler.fetching.politeness.site_budget import SiteBudget
from crawler.frontier.learned_patterns import LearnedPatterns
from crawler.frontier.quota import Quota
from crawler.output.delivery.delivery import Delivery
from crawler.output.publishing.handler_outcome import HandlerOutcome
from crawler.run_report.account import UrlOutcome, reasons_in_words
from crawler.run_report.report import Report
from crawler.run_report.status import RunStatus
from crawler.types import LIST_ROLES, Announcement, PatternYield, Role, Source

Component = TypeVar("Component")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlComponents:
    """The components of a crawl that clean, deliver, report and limit."""

    workers: CleaningWorkers
    delivery: Delivery
    report: Report
    outcome: RunStatus
    robots: Robots | None
    """None where robots.txt is not obeyed."""
    budget: SiteBudget | None
    """None where the site budget is switched off."""
    archive: Archive | None
    """None where nothing is archived."""
    rights: str
    """``record``, ``obey`` or ``off``; what is obeyed is in ``obeyed_uses``."""
    obeyed_uses: frozenset[Use] = frozenset()
    """Uses for which pages are rejected that reserve one of them."""
    url_patterns: dict[str, dict[str, PatternYield]] = field(default_factory=dict)
    """Yields by URL pattern that earlier runs found, by site; read when first needed and not changed during a run."""
    listing_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the URLs of a feed or sitemap are selected."""

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """The components of a crawl.

        Raises:
            RuntimeError: naming an extension that is switched off.
        """
        values = SettingsValues.of(crawler.settings)
        return cls(
            workers=required_extension(crawler, CleaningWorkers),
            delivery=required_extension(crawler, Delivery),
            report=required_extension(crawler, Report),
            outcome=required_extension(crawler, RunStatus),
            robots=crawler.get_downloader_middleware(Robots),
            budget=crawler.get_downloader_middleware(SiteBudget),
            archive=crawler.get_extension(Archive),
            rights=values.rights,
            obeyed_uses=values.obeyed_uses,
        )

    async def known_urls(self, url: str) -> LearnedPatterns:
        """What is known of the URLs of a site."""
        site = registrable_domain(url)
        if site not in self.url_patterns:
            self.url_patterns[site] = await self.delivery.ledger.url_patterns(site)
        return LearnedPatterns(rules=self.workers.context.site.rules, patterns=self.url_patterns[site])

    def listing_turn(self, role: Role) -> AbstractAsyncContextManager[object]:
        """A lock for one feed or sitemap at a time, since the selection of 50,000 URLs takes 40 MB; none for pages."""
        return self.listing_lock if role in LIST_ROLES else nullcontext()

    def record_yield(self, context: CrawlContext, *, is_productive: bool) -> None:
        """Report to the site's budget whether a page had an article, or a feed or sitemap listed one."""
        is_list = context.role in LIST_ROLES
        if self.budget is not None and context.role not in (Role.START, Role.NEXT):
            self.budget.sites.record(context.target.url, is_productive=is_productive, is_list=is_list)

    def archive_outcome(
        self, outcome: HandlerOutcome, context: CrawlContext, response: Response | None, *, is_written: bool
    ) -> None:
        """Write the outcome of a page, or of the pages of an article, to the archive.

        Args:
            outcome: of the response.
            context: why the page was fetched.
            response: the page; None where there is none.
            is_written: False where the items of the outcome are left out.
        """
        if self.archive is None or not outcome.settled:
            return
        first, joined = outcome.settled[0], outcome.joined
        if joined is not None:
            for site, shared in joined.shared:
                self.archive.remember(site, shared)
            line = next((item for item, _ in outcome.items if is_written and isinstance(item, Article)), None)
            self.archive.write_article_outcome(joined.pages, context, joined.announced, first.result, line)
        elif response is not None and not outcome.is_held:
            self.archive.write_page_outcome(response, context, first.result, first.reason)

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """URLs of the sitemaps in the robots.txt of a page's host."""
        return self.robots.sitemaps(url) if self.robots else ()

    async def with_rights(
        self, article: Article, response: Response, page: PageResult, announced: Announcement | None
    ) -> Article:
        """The article with the rights that its publisher reserves: on its host, in its feed, with its page.

        Raises:
            PageRejected: where reserved rights are obeyed.
        """
        if self.rights == "off":
            return article
        of_page = (*of_headers(header_pairs(response)), *page.rights)
        of_host = await self.robots.rights(response.url, of_page) if self.robots else ()
        of_feed = (signal(f"feed {TERMS}", terms) for terms in (announced.licenses if announced else ()))
        rights = (*of_host, *of_feed, *of_page)
        if (reserved := reserving(rights, self.obeyed_uses)) is not None:
            raise PageRejected(Stage.PAGE_TYPE, Reason.RESERVED, f"{reserved.origin}: {reserved.value}")
        return with_rights(article, rights)

    def close_account(
        self, sources: Collection[Source], productive: set[str], quota: Quota, *, is_finished: bool
    ) -> None:
        """Close the account of the run; report each source as failed that was crawled and never had an article.

        Args:
            sources: all sources of the run.
            productive: names of those that had an article, in this run or an earlier one.
            quota: the quota of articles.
            is_finished: False for a run that was stopped.
        """
        outcome, tally = self.outcome, self.report.tally
        outcome.source_count = len(sources)
        outcome.duplicates = tally.total(UrlOutcome.DUPLICATE)
        self.report.close_account(quota.waiting, is_finished=is_finished)
        if not is_finished or quota.is_full:
            return
        for source in sources:
            is_productive = bool(productive & {source.name, *tally.shared[source.name]})
            if not is_productive and source.name not in outcome.failed_sources:
                reasons = reasons_in_words(tally.sums(source.name))
                outcome.source_failed(source.name, f"no article was found: {reasons}")


def required_extension(crawler: Crawler, kind: type[Component]) -> Component:
    """An extension of a crawl.

    Raises:
        RuntimeError: naming it, when it is switched off.
    """
    extension = crawler.get_extension(kind)
    if extension is None:
        raise RuntimeError(f"EXTENSIONS lacks {kind.__module__}.{kind.__name__}, which this command needs")
    return extension
