"""The pace of a host: as fast as it answers, never faster than its robots.txt allows."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

if TYPE_CHECKING:
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

LONGEST_CRAWL_DELAY = 60.0
"""Seconds of the longest Crawl-delay kept; sites that ask for more would get a page an hour."""


class Throttle(AutoThrottle):
    """AutoThrottle with the Crawl-delay of each host as its lower bound. This machine's own servers are not slowed down."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._delays: dict[str, float] = {}
        self._agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Note the Crawl-delay that a host asks us for."""
        delay = robotparser.crawl_delay(self._agent)
        if delay:
            host = urlsplit(request.url).hostname or ""
            self._delays[host] = min(float(delay), LONGEST_CRAWL_DELAY)
            self.crawler.stats.set_value(f"throttle/crawl_delay/{host}", self._delays[host])

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        request = response.request
        host = urlsplit(response.url).hostname or ""
        if request is not None and is_own(host, request.meta.get("proxy")):
            slot.delay = self._delays.get(host, 0.0)
            return
        super()._adjust_delay(slot, latency, response)
        slot.delay = max(slot.delay, self._delays.get(host, 0.0))


def is_own(host: str, proxy: Any) -> bool:
    """True for a server on this machine, reached by its address or through a proxy that is one."""
    for name in (host, urlsplit(proxy).hostname if isinstance(proxy, str) else None):
        try:
            if name and (name == "localhost" or ip_address(name).is_loopback):
                return True
        except ValueError:
            continue
    return False
