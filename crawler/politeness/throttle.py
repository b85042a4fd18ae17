"""The pace of a host: as fast as it answers, never faster than its Crawl-delay allows."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from crawler.network.slots import MIN_DELAY, back_off

if TYPE_CHECKING:
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

REFUSED = (429, 503)
"""Answers that ask for a slower pace (RFC 6585; RFC 9110, 15.6.4)."""

FIRST_WAIT = 5.0
"""Seconds to wait after the first refusal without Retry-After; each further one in a row doubles it."""

MAX_WAIT = 300.0
"""Seconds of the longest wait: what a host asks beyond is left to the next run, since the pages are asked again then."""

MAX_CRAWL_DELAY = 60.0
"""Seconds of the longest Crawl-delay kept: at more, a site of a thousand pages would take a day."""


class Throttle(AutoThrottle):
    """AutoThrottle with the Crawl-delay of each host as its floor, and hosts that need no politeness left out."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._delays: dict[str, float] = {}
        self._refusals: dict[str, int] = {}
        self._agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self._free = tuple(crawler.settings.getlist("UNTHROTTLED_HOSTS"))
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)
        crawler.signals.connect(self.response_downloaded, signals.response_downloaded)
        crawler.signals.connect(self.request_reached, signals.request_reached_downloader)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Keep the Crawl-delay that a host asks of us from its next request on, without Scrapy's random variation."""
        host = urlsplit(request.url).hostname or ""
        delay = min(float(robotparser.crawl_delay(self._agent) or 0.0), MAX_CRAWL_DELAY)
        slot = self.crawler.engine.downloader.slots.get(host)
        if delay:
            self._delays[host] = delay
            self.crawler.stats.set_value(f"throttle/crawl_delay/{host}", delay)
        if slot is not None and (delay or self.is_free(host)):
            slot.delay = delay if self.is_free(host) else max(slot.delay, delay)
            slot.jitter = 0.0

    def request_reached(self, request: Request) -> None:
        """Let the first request to a host that needs no politeness go at once."""
        host = urlsplit(request.url).hostname or ""
        slot = self.crawler.engine.downloader.slots.get(host)
        if (
            slot is not None
            and slot.delay
            and host not in self._delays
            and host not in self._refusals
            and self.is_free(host)
        ):
            slot.delay = slot.jitter = 0.0

    def is_free(self, host: str) -> bool:
        """True for a host of ``UNTHROTTLED_HOSTS``, or below one."""
        return any(host == free or host.endswith(f".{free}") for free in self._free)

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Let a host rest that refuses: as long as it asks for, or longer each time."""
        host = urlsplit(response.url).hostname or ""
        if response.status not in REFUSED:
            self._refusals.pop(host, None)
            return
        self._refusals[host] = self._refusals.get(host, 0) + 1
        asked = retry_after(response.headers.get("Retry-After"), time.time())
        wait = min(asked if asked is not None else FIRST_WAIT * 2 ** (self._refusals[host] - 1), MAX_WAIT)
        slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot") or host)
        if slot is not None and wait > 0:
            back_off(slot, wait)
            self.crawler.stats.inc_value("throttle/rest_count")
            self.crawler.stats.inc_value("throttle/rest_seconds", round(wait))

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        host = urlsplit(response.url).hostname or ""
        if self.is_free(host):
            slot.delay = max(self._delays.get(host, 0.0), MIN_DELAY if host in self._refusals else 0.0)
            return
        super()._adjust_delay(slot, latency, response)
        slot.delay = max(slot.delay, self._delays.get(host, 0.0))


def retry_after(value: bytes | None, now: float) -> float | None:
    """Seconds of a Retry-After header (RFC 9110, 10.2.3), a number or a date; None where it says nothing."""
    text = (value or b"").decode("latin-1").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(parsedate_to_datetime(text).timestamp() - now, 0.0)
    except (ValueError, OverflowError):
        return None
