"""Hosts in trouble: they rest after each failure, longer each time, and are left alone after many in a row; one line tells of each.

Scrapy tries a request again (``RETRY_TIMES``); here is decided when, and when it is enough. Answers that ask for a slower pace
(429 and 503) are :mod:`crawler.politeness.throttle`'s.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from crawler.network.address_policy import DEFAULT_PORTS
from crawler.network.exceptions import RequestDeferred
from crawler.network.failure_reasons import named
from crawler.network.slots import fail_queued, back_off
from crawler.politeness.site_budget import charged
from crawler.politeness.throttle import REFUSED, Throttle

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger("copydesk")

REDIRECT, CLIENT_ERROR, SERVER_ERROR = 300, 400, 500

FIRST_BACKOFF = 1.0
"""Seconds of rest after a first failure; each further one in a row doubles it."""
MAX_BACKOFF = 10.0
"""Seconds of the longest rest: thirty failures in a row (``HOST_MAX_FAILURES``) take five minutes, as long as a restart."""

MAX_HOSTS = 10_000
"""Hosts whose failures are told apart; a crawl of more that are in trouble counts the others as one."""
OTHERS = "other hosts"


class HostBackoff:
    """Counts what fails by host."""

    def __init__(self, crawler: Crawler, most: int) -> None:
        self.crawler = crawler
        self.most = most
        self._failures: dict[str, Counter[str]] = {}
        self._in_a_row: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the number of failures in a row from ``HOST_MAX_FAILURES``."""
        faults = cls(crawler, crawler.settings.getint("HOST_MAX_FAILURES"))
        crawler.signals.connect(faults.spider_closed, signals.spider_closed)
        crawler.signals.connect(faults.response_downloaded, signals.response_downloaded)
        return faults

    def process_request(self, request: Request) -> None:
        """Let a request pass unless its host failed too often.

        Raises:
            NotAsked: ``host_down``.
        """
        place = place_of(request.url)
        if self._in_a_row[place] >= self.most:
            raise self._down(place)

    def process_response(self, request: Request, response: Response) -> Response:
        """An answer: a failure when the server says that it cannot."""
        if response.status in REFUSED:
            self._failed(request, f"http_{response.status}", wait=False)
        elif response.status >= SERVER_ERROR:
            self._failed(request, f"http_{response.status}")
        else:
            self._in_a_row.pop(place_of(request.url), None)
        return response

    def response_downloaded(self, request: Request, response: Response) -> None:
        """A redirect is an answer, too; it is followed before this middleware meets it."""
        if REDIRECT <= response.status < CLIENT_ERROR:
            self._in_a_row.pop(place_of(request.url), None)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """No answer, or one that broke off. What was not sent, or not taken, is no failure of the host's."""
        if not isinstance(exception, IgnoreRequest):
            self._failed(request, named(exception)[0])

    def _failed(self, request: Request, reason: str, *, wait: bool = True) -> None:
        host, place = urlsplit(request.url).hostname or "", place_of(request.url)
        key = place if place in self._failures or len(self._failures) < MAX_HOSTS else OTHERS
        self._failures.setdefault(key, Counter())[reason] += 1
        self._count("fault/failure_count")
        if request.callback is NO_CALLBACK:  # robots.txt comes before a page that will meet the same
            return
        if charged(request) != request.url:  # nobody's redirects decide over another's site
            return
        self._in_a_row[place] += 1
        slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot") or host)
        throttle = self.crawler.get_extension(Throttle)
        if wait and slot is not None and not (throttle and throttle.is_free(host)):
            back_off(slot, min(FIRST_BACKOFF * 2 ** (self._in_a_row[place] - 1), MAX_BACKOFF))
        if self._in_a_row[place] == self.most:
            self._count("fault/host_down_count")
            logger.warning("%s failed %d times in a row (%s): left for the next run", place, self.most, reason)
            if slot is not None:
                fail_queued(slot, lambda waiting: self._down(place) if place_of(waiting.url) == place else None)

    def _down(self, place: str) -> RequestDeferred:
        self._count("budget/host_down_count")
        return RequestDeferred("host_down", f"{place} failed {self.most} times in a row")

    def _count(self, name: str) -> None:
        assert self.crawler.stats is not None  # noqa: S101  made before any component
        self.crawler.stats.inc_value(name)

    def spider_closed(self) -> None:
        """One line a host."""
        for place, reasons in self._failures.items():
            told = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
            logger.warning("%s: %d requests failed (%s)", place, reasons.total(), told)


def place_of(url: str) -> str:
    """The host that an address asks, with the port unless it is the scheme's own: what fails on one port says nothing of another."""
    parts = urlsplit(url)
    port = "" if parts.port in (None, DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.hostname or ''}{port}"
