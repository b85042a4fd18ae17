"""The pace of a host: as fast as it answers, never faster than its Crawl-delay allows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

if TYPE_CHECKING:
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

LONGEST_CRAWL_DELAY = 60.0
"""Seconds of the longest Crawl-delay kept: at more, a site of a thousand pages would take a day."""


class Throttle(AutoThrottle):
    """AutoThrottle with the Crawl-delay of each host as its floor, and hosts that need no politeness left out."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._delays: dict[str, float] = {}
        self._agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self._free = tuple(crawler.settings.getlist("UNTHROTTLED_HOSTS"))
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Keep the Crawl-delay that a host asks of us from its next request on, without Scrapy's random variation."""
        host = urlsplit(request.url).hostname or ""
        delay = min(float(robotparser.crawl_delay(self._agent) or 0.0), LONGEST_CRAWL_DELAY)
        slot = self.crawler.engine.downloader.slots.get(host)
        if delay:
            self._delays[host] = delay
            self.crawler.stats.set_value(f"throttle/crawl_delay/{host}", delay)
        if slot is not None and (delay or self.is_free(host)):
            slot.delay = delay if self.is_free(host) else max(slot.delay, delay)
            slot.jitter = 0.0

    def is_free(self, host: str) -> bool:
        """True for a host of ``UNTHROTTLED_HOSTS``, or below one."""
        return any(host == free or host.endswith(f".{free}") for free in self._free)

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        host = urlsplit(response.url).hostname or ""
        if self.is_free(host):
            slot.delay = self._delays.get(host, 0.0)
            return
        super()._adjust_delay(slot, latency, response)
        slot.delay = max(slot.delay, self._delays.get(host, 0.0))
