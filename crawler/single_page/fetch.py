"""Fetches one page as a crawl does: robots.txt, URL policy and limits included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from cleaners.types import Page
from crawler.config.settings_values import adopt_old_names
from crawler.network.failure_reasons import describe
from crawler.network.pages import to_page
from crawler.types import Source
from crawler.util.origin import origin


@dataclass(slots=True)
class FetchedPage:
    """The result of a fetch."""

    page: Page | None = None
    failed: str = ""
    """Why there is no page."""


class PageSpider(Spider):
    """Fetches one page and keeps it; writes nothing."""

    name = "page"

    def __init__(self, source: Source, found: FetchedPage) -> None:
        super().__init__()
        self.source = source
        self.credentials = {origin(source.url): source.credentials} if source.credentials else {}
        self.found = found
        self.is_demo = False

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Read settings by their old names, too."""
        super().update_settings(settings)
        adopt_old_names(settings)

    async def start(self) -> AsyncIterator[Request]:
        """The page."""
        yield Request(self.source.url, callback=self.keep, errback=self.failed, dont_filter=True)

    def keep(self, response: Response) -> None:
        """Keep the page."""
        self.found.page = to_page(response)

    def failed(self, failure: Failure) -> None:
        """Keep the reason of the failure."""
        self.found.failed = describe(failure.value)[1]
