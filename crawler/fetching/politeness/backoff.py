"""Host back-off: a longer pause after each failure of a host, which is given up after many failures in a row.

Scrapy retries a request (``RETRY_TIMES``); this middleware decides when, and when to stop. The pause after a 429 or 503
is that of :mod:`crawler.fetching.politeness.throttle`.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from cleaners.types import Reason
from cleaners.urls.origin import DEFAULT_PORTS
from crawler.config.settings_values import SettingsValues
from crawler.fetching.exceptions import RequestDeferred, describe
from crawler.fetching.network.slots import back_off, fail_queued
from crawler.fetching.politeness.site_budget import charged_url
from crawler.fetching.politeness.throttle import SLOW_DOWN, Throttle
from crawler.reasons import PendingReason, find_reason, http_reason, in_words
from crawler.util import count_noun

logger = logging.getLogger("copydesk")

REDIRECT, CLIENT_ERROR, SERVER_ERROR = 300, 400, 500

FIRST_BACKOFF = 1.0
"""Seconds after a first failure; each further one in a row doubles it."""
MAX_BACKOFF = 10.0
"""Longest pause in seconds: thirty failures in a row (``COPYDESK_HOST_MAX_FAILURES``) take five minutes, as long as a
restart."""

MAX_HOSTS = 10_000
"""Most hosts whose failures are counted separately; all others are counted together."""
OTHERS = "other hosts"

MAX_DOUBLINGS = 10
"""Doublings of a pause beyond which it is the longest, whatever ``COPYDESK_HOST_MAX_FAILURES`` is."""

WALLS = 3
"""Bot challenges in a row after which a host is given up: a person would stop there, and each further one is counted
against the sender."""


class HostBackoff:
    """Counts failures by host, and backs hosts off."""

    def __init__(self, crawler: Crawler, most: int) -> None:
        self.crawler = crawler
        self.most = most
        """Failures in a row after which a host is given up for this run."""
        self._failures: dict[str, Counter[str]] = {}
        self._in_a_row: Counter[str] = Counter()
        self._walls: Counter[str] = Counter()
        """Bot challenges in a row, by host."""
        self._given_up_for: dict[str, str] = {}
        """Why each host that is given up is, in words."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the number of failures in a row from ``COPYDESK_HOST_MAX_FAILURES``."""
        values = SettingsValues.of(crawler.settings)
        if values.replay:
            raise NotConfigured
        backoff = cls(crawler, values.host_max_failures)
        crawler.signals.connect(backoff.spider_closed, signals.spider_closed)
        crawler.signals.connect(backoff.response_downloaded, signals.response_downloaded)
        return backoff

    def process_request(self, request: Request) -> None:
        """Accept a request whose host is not given up.

        Raises:
            RequestDeferred: ``host_down``.
        """
        host = host_and_port(request.url)
        if self._in_a_row[host] >= self.most:
            raise self._given_up(host)

    def process_response(self, request: Request, response: Response) -> Response:
        """Count a response as a failure where its status is 429 or a server error, else as a success."""
        if response.status in SLOW_DOWN:
            self._count_failure(request, http_reason(response.status), is_backed_off=False)
        elif response.status >= SERVER_ERROR:
            self._count_failure(request, http_reason(response.status))
        else:
            self._succeeded(request)
        return response

    def response_downloaded(self, request: Request, response: Response) -> None:
        """Count a redirect as a success; it is followed before ``process_response`` is called here."""
        if REDIRECT <= response.status < CLIENT_ERROR:
            self._succeeded(request)

    def _succeeded(self, request: Request) -> None:
        host = host_and_port(request.url)
        self._in_a_row.pop(host, None)
        self._walls.pop(host, None)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count a missing or incomplete response as a failure. A refused request is no failure of the host."""
        if not isinstance(exception, IgnoreRequest):
            self._count_failure(request, describe(exception)[0])

    def walled(self, request: Request) -> None:
        """Count a bot challenge: ``WALLS`` of them in a row give a host up, and fewer where fewer failures do."""
        name = host_and_port(request.url)
        self._walls[name] += 1
        if self._walls[name] >= min(WALLS, self.most):
            self._in_a_row[name] = max(self._in_a_row[name], self.most - 1)
        self._count_failure(request, Reason.WALLED, of=min(WALLS, self.most))

    def _count_failure(
        self, request: Request, reason: str, *, is_backed_off: bool = True, of: int | None = None
    ) -> None:
        host, name = urlsplit(request.url).hostname or "", host_and_port(request.url)
        key = name if name in self._failures or len(self._failures) < MAX_HOSTS else OTHERS
        self._failures.setdefault(key, Counter())[reason] += 1
        self.crawler.stats.inc_value("fault/failure_count")
        if request.callback is NO_CALLBACK:  # the page that follows robots.txt will fail in the same way
            return
        if charged_url(request) != request.url:  # redirects from one site must not give up another
            return
        self._in_a_row[name] += 1
        slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot") or host)
        throttle = self.crawler.get_extension(Throttle)
        if is_backed_off and slot is not None and not (throttle and throttle.is_unthrottled(host)):
            doublings = min(self._in_a_row[name] - 1, MAX_DOUBLINGS)
            back_off(slot, min(FIRST_BACKOFF * 2**doublings, MAX_BACKOFF))
        if self._in_a_row[name] == self.most:
            self.crawler.stats.inc_value("fault/host_down_count")
            self._given_up_for[name] = f"{name} failed {of or self.most} times in a row"
            words = find_reason(reason).words
            logger.warning("%s (%s): the next run tries again", self._given_up_for[name], words)
            if slot is not None:
                fail_queued(slot, lambda queued: self._given_up(name) if host_and_port(queued.url) == name else None)

    def _given_up(self, host: str) -> RequestDeferred:
        self.crawler.stats.inc_value("budget/host_down_count")
        return RequestDeferred(PendingReason.HOST_DOWN, self._given_up_for[host])

    def spider_closed(self) -> None:
        """Log one line per host."""
        for host, reasons in self._failures.items():
            failed = count_noun(reasons.total(), "request")
            logger.warning("%s: %s failed (%s)", host, failed, in_words(reasons.most_common()))


def host_and_port(url: str) -> str:
    """The host of a URL, and the port unless it is the default: a failing port tells nothing about another."""
    parts = urlsplit(url)
    port = "" if parts.port in (None, DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.hostname or ''}{port}"
