"""Requests of a source, or a crawl, that has given all the articles it was asked for are not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class QuotaReached(IgnoreRequest):
    """A request for more than was asked for; not a failure."""


class Quota:
    """Asks the spider whether it still wants what a request would bring."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Ask the crawl's spider."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let a request pass or raise :class:`QuotaReached`."""
        wants = getattr(self.crawler.spider, "wants", None)
        if wants is not None and not wants(request):
            self.crawler.stats.inc_value("quota/filtered_count")
            raise QuotaReached
