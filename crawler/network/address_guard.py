"""The downloader middleware that checks every URL before it is requested, robots.txt and redirects included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from cleaners.urls.credentials import strip_credentials
from crawler.network.bounds import FetchBounds

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

MAX_PASSED = 10_000
"""Most origins whose check is cached: apart from a URL's length, only its origin decides."""


class AddressGuard:
    """Refuses requests by the URL policy, and strips credentials from URLs."""

    def __init__(self, bounds: FetchBounds) -> None:
        self.bounds = bounds
        self._passed: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the bounds from the settings."""
        return cls(FetchBounds.from_crawler(crawler))

    def process_request(self, request: Request) -> Request | None:
        """Accept a request.

        Raises:
            RequestRefused: with the reason, and the setting that allows it.
        """
        beginning = "/".join(request.url.split("/", 3)[:3])
        if beginning not in self._passed or len(request.url) > self.bounds.max_url_length:
            self.bounds.check_url(request.url)
            if len(self._passed) < MAX_PASSED:
                self._passed.add(beginning)
        has_credentials = "@" in urlsplit(request.url).netloc
        return request.replace(url=strip_credentials(request.url)) if has_credentials else None
