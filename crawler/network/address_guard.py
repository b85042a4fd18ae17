"""No request leaves for where a crawl may not reach: the rule of :mod:`crawler.network.address_policy`, asked before anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from cleaners.urls.credentials import strip_credentials
from crawler.config.settings_values import reach
from crawler.network.exceptions import RequestRefused

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from crawler.network.address_policy import AddressPolicy


class AddressGuard:
    """Refuses requests by their address, robots.txt and redirects included; takes off names and passwords that strangers wrote."""

    def __init__(self, rule: AddressPolicy, longest: int, stats: StatsCollector) -> None:
        self.rule = rule
        self.longest = longest
        self.stats = stats
        self._passed: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the rule from ``ALLOW_HOSTS`` and ``ALLOW_PORTS``, and the longest address from ``URL_MAX_LENGTH``."""
        assert crawler.stats is not None  # noqa: S101  made before any component
        return cls(reach(crawler.settings), crawler.settings.getint("URL_MAX_LENGTH"), crawler.stats)

    def process_request(self, request: Request) -> Request | None:
        """Let one request pass.

        Raises:
            Refusal: naming what is forbidden and what would open it.
        """
        try:
            self.check(request.url)
        except RequestRefused as refused:
            self.stats.inc_value(f"guard/{refused.reason}_count")
            raise
        return request.replace(url=strip_credentials(request.url)) if "@" in urlsplit(request.url).netloc else None

    def check(self, url: str) -> None:
        """Let an address pass.

        Raises:
            Refusal: naming what is forbidden.
        """
        if len(url) > self.longest:
            raise RequestRefused(
                "long_address", f"the address has {len(url)} characters; at most {self.longest} are asked"
            )
        beginning = "/".join(url.split("/", 3)[:3])
        if beginning not in self._passed:
            self.rule.check(url)
            if len(self._passed) < MAX_PASSED:
                self._passed.add(beginning)


MAX_PASSED = 10_000
"""Schemes with hosts and ports whose answer is kept: nothing else of an address decides."""
