"""Fetches one page as a crawl does: robots.txt, URL policy and limits included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from cleaners.types import Page
from crawler.fetching.exceptions import describe
from crawler.fetching.network.to_page import to_page
from crawler.spiders.source import SourceSpider
from crawler.types import Source


@dataclass(slots=True)
class FetchedPage:
    """The result of a fetch."""

    page: Page | None = None
    failed: str = ""
    """Why there is no page."""


class PageSpider(SourceSpider):
    """Fetches one page and keeps it; writes nothing."""

    name = "page"

    def __init__(self, source: Source, fetched: FetchedPage) -> None:
        super().__init__(source)
        self.fetched = fetched

    async def start(self) -> AsyncIterator[Request]:
        """Request the page."""
        yield Request(self.source.url, callback=self.keep, errback=self.failed, dont_filter=True)

    def keep(self, response: Response) -> None:
        """Keep the page."""
        self.fetched.page = to_page(response)

    def failed(self, failure: Failure) -> None:
        """Keep the reason of the failure."""
        self.fetched.failed = describe(failure.value)[1]
