"""The downloader middleware that checks every URL before it is requested, robots.txt and redirects included."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.spider import DefaultSpider

from cleaners.urls.credentials import strip_credentials
from crawler.config.settings_values import SettingsValues
from crawler.fetching.exceptions import RequestRefused
from crawler.fetching.network import resolver
from crawler.fetching.network.bounds import FetchBounds

logger = logging.getLogger("copydesk")

MAX_PASSED = 10_000
"""Most origins whose check is cached: apart from a URL's length, only its origin decides."""


class AddressGuard:
    """Refuses requests by the URL policy, and strips credentials from URLs."""

    def __init__(
        self, bounds: FetchBounds, trust: Callable[[str], None] | None = None, crawler: Crawler | None = None
    ) -> None:
        self.bounds = bounds
        self.crawler = crawler
        self._trust = trust
        """Allows connections to the host of a URL; None where the policy is that for all requests."""
        self._passed: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the bounds from the settings."""
        is_trusting = SettingsValues.of(crawler.settings).trust_start
        trust = resolver.ensure_installed(crawler).trust_start if is_trusting else None
        return cls(FetchBounds.from_crawler(crawler), trust, crawler)

    def process_request(self, request: Request) -> Request | None:
        """Accept a request.

        Raises:
            RequestRefused: with the reason, and the setting that allows it.
        """
        beginning = "/".join(request.url.split("/", 3)[:3])
        if self._trust is not None and is_start(request):
            self._trust(request.url)
            self._passed.add(beginning)
        if beginning not in self._passed or len(request.url) > self.bounds.max_url_length:
            self.bounds.check_url(request.url)
            if len(self._passed) < MAX_PASSED:
                self._passed.add(beginning)
        has_credentials = "@" in urlsplit(request.url).netloc
        return request.replace(url=strip_credentials(request.url)) if has_credentials else None

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say why ``scrapy fetch`` and ``scrapy shell`` get no response; spiders of sites write a rejection."""
        spider = self.crawler.spider if self.crawler is not None else None
        if isinstance(exception, RequestRefused) and isinstance(spider, DefaultSpider):
            logger.warning("refused: %s: %s", request.url, exception.detail)


def is_start(request: Request) -> bool:
    """True for a start request of a spider, whose URL comes from no page or redirect."""
    meta = request.meta
    return bool(meta.get("is_start_request")) and not meta.get("depth") and not meta.get("redirect_times")
