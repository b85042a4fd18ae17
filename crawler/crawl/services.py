"""The extensions a spider works with."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self, TypeVar

from cleaners.metadata.rights import is_reserved, of_headers
from cleaners.types import Article, PageRejected, Reason, Stage, Rejection
from crawler.listings.types import Listing
from crawler.output.delivery import Delivery
from crawler.politeness.robots import Robots
from crawler.politeness.site_budget import SiteBudget
from crawler.reporting.outcome import RunOutcome
from crawler.reporting.report import Report
from crawler.scheduling.context import LISTS, CrawlContext
from crawler.workers.cleaning import CleaningWorkers

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from cleaners.types import PageResult

Component = TypeVar("Component")


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What reads pages, keeps what is known, counts, and tells how it went."""

    cleaning: CleaningWorkers
    delivery: Delivery
    report: Report
    outcome: RunOutcome
    robots: Robots | None
    """None where robots.txt is not obeyed."""

    budget: SiteBudget | None
    """None where it is switched off."""
    rights: str
    """``record``, ``obey`` or ``off``."""
    one: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by the listing that is looked through."""

    def turn(self, role: str) -> AbstractAsyncContextManager[object]:
        """A feed's or sitemap's turn: one is looked through at a time, since 50,000 addresses take 40 MB meanwhile."""
        return self.one if role in LISTS else nullcontext()

    def gave(self, visit: CrawlContext, url: str, *, article: bool) -> None:
        """Tell the site's budget what a page gave: an article, or nothing."""
        if self.budget is not None and visit.role in ("section", "article"):
            self.budget.sites.gave(visit.asked or url, article=article)

    def listed(self, visit: CrawlContext, url: str, *, articles: bool) -> None:
        """Tell the site's budget what a feed or a sitemap listed: articles, or none."""
        if self.budget is not None and visit.role in LISTS:
            self.budget.sites.gave(visit.asked or url, article=articles, is_list=True)

    async def listing(self, kind: str, data: bytes, url: str) -> Listing:
        """Read a feed or a sitemap.

        Raises:
            Refused: stage ``fetch``, ``damaged``, when it cannot be read; ``worker``, when it takes too much time or memory.
        """
        found = await self.cleaning.listing(kind, data, url)
        if found.error is not None:
            raise PageRejected(Stage.FETCH, Reason.DAMAGED, found.error)
        return found

    def with_rights(self, article: Article, response: Response, reading: PageResult) -> Article | Rejection:
        """The article with what its publisher reserves; refused where that is obeyed."""
        if self.rights == "off":
            return article
        headers = [(str(name), str(value)) for name, value in response.headers.to_unicode_dict().items()]
        hosts = self.robots.rights(response.url) if self.robots else ()
        found = (*hosts, *of_headers(headers), *reading.rights)
        reserved = next((right for right in found if is_reserved(right)), None)
        if self.rights == "obey" and reserved is not None:
            detail = f"{reserved.origin}: {reserved.value}"
            return Rejection(
                url=article.url, stage="page_type", reason="reserved", detail=detail, fetched_at=article.fetched_at
            )
        return replace(article, rights=found or None)

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """Those of a crawl.

        Raises:
            RuntimeError: naming the one that is switched off.
        """
        return cls(
            cleaning=extension(crawler, CleaningWorkers),
            delivery=extension(crawler, Delivery),
            report=extension(crawler, Report),
            outcome=extension(crawler, RunOutcome),
            robots=robots(crawler),
            budget=crawler.get_downloader_middleware(SiteBudget),
            rights=str(crawler.settings["RIGHTS"]),
        )


def robots(crawler: Crawler) -> Robots | None:
    """What reads robots.txt; None where it is not obeyed."""
    return crawler.get_downloader_middleware(Robots)


def extension(crawler: Crawler, kind: type[Component]) -> Component:
    """The extension of a crawl.

    Raises:
        RuntimeError: naming it, when it is switched off.
    """
    found = crawler.get_extension(kind)
    if found is None:
        raise RuntimeError(f"EXTENSIONS lacks {kind.__module__}.{kind.__name__}, which this command needs")
    return found
