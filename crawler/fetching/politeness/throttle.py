"""The pace of requests to a host: as fast as it responds, never faster than its Crawl-delay."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.config.settings_values import SettingsValues
from crawler.fetching.network.slots import MIN_DELAY, back_off
from crawler.scrapy_internals import ThrottleSteps

if TYPE_CHECKING:
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

SLOW_DOWN = (429, 503)
"""Statuses that request a slower pace (RFC 6585; RFC 9110, 15.6.4)."""

FIRST_BACKOFF = 5.0
"""Seconds after the first 429 or 503 without Retry-After; each further one in a row doubles it."""

MAX_BACKOFF = 300.0
"""Longest back-off in seconds: after a longer Retry-After the pages are left to the next run."""

MAX_CRAWL_DELAY = 60.0
"""Longest Crawl-delay that is obeyed, in seconds: with more, a site of a thousand pages would take a day."""


class Throttle(ThrottleSteps):
    """AutoThrottle with the Crawl-delay of each host as the minimum, and without delay for unthrottled hosts."""

    def __init__(self, crawler: Crawler) -> None:
        if SettingsValues.of(crawler.settings).replay:
            raise NotConfigured
        super().__init__(crawler)
        self._delays: dict[str, float] = {}
        self._slow_downs: dict[str, int] = {}
        self._agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self._unthrottled = tuple(SettingsValues.of(crawler.settings).unthrottled_hosts)
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)
        crawler.signals.connect(self.response_downloaded, signals.response_downloaded)
        crawler.signals.connect(self.request_reached, signals.request_reached_downloader)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Obey the Crawl-delay of a host from its next request on, without Scrapy's random jitter."""
        host = urlsplit(request.url).hostname or ""
        delay = min(float(robotparser.crawl_delay(self._agent) or 0.0), MAX_CRAWL_DELAY)
        slot = self.crawler.engine.downloader.slots.get(host)
        if delay:
            self._delays[host] = delay
            self.crawler.stats.set_value(f"throttle/crawl_delay/{host}", delay)
        if slot is not None and (delay or self.is_unthrottled(host)):
            slot.delay = delay if self.is_unthrottled(host) else max(slot.delay, delay)
            slot.jitter = 0.0

    def request_reached(self, request: Request) -> None:
        """Send the first request to an unthrottled host at once."""
        host = urlsplit(request.url).hostname or ""
        slot = self.crawler.engine.downloader.slots.get(host)
        is_free = host not in self._delays and host not in self._slow_downs and self.is_unthrottled(host)
        if slot is not None and slot.delay and is_free:
            slot.delay = slot.jitter = 0.0

    def is_unthrottled(self, host: str) -> bool:
        """True for a host of ``COPYDESK_UNTHROTTLED_HOSTS``, or a subdomain of one."""
        return any(host == name or host.endswith(f".{name}") for name in self._unthrottled)

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Back off a host after a 429 or 503: for the time in Retry-After, or else for longer each time."""
        host = urlsplit(response.url).hostname or ""
        if response.status not in SLOW_DOWN:
            self._slow_downs.pop(host, None)
            return
        self._slow_downs[host] = self._slow_downs.get(host, 0) + 1
        seconds = retry_after(response.headers.get("Retry-After"), time.time())
        wait = min(FIRST_BACKOFF * 2 ** (self._slow_downs[host] - 1) if seconds is None else seconds, MAX_BACKOFF)
        slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot") or host)
        if slot is not None and wait > 0:
            back_off(slot, wait)
            self.crawler.stats.inc_value("throttle/rest_count")
            self.crawler.stats.inc_value("throttle/rest_seconds", round(wait))

    def adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        """Set the delay of a host after a response, never below its Crawl-delay."""
        host = urlsplit(response.url).hostname or ""
        if self.is_unthrottled(host):
            slot.delay = max(self._delays.get(host, 0.0), MIN_DELAY if host in self._slow_downs else 0.0)
            return
        super().adjust_delay(slot, latency, response)
        slot.delay = max(slot.delay, self._delays.get(host, 0.0))


def retry_after(value: bytes | None, now: float) -> float | None:
    """Seconds of a Retry-After header (RFC 9110, 10.2.3), which is a number or a date; None where it is neither."""
    text = (value or b"").decode("latin-1").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(parsedate_to_datetime(text).timestamp() - now, 0.0)
    except (ValueError, OverflowError):
        return None
