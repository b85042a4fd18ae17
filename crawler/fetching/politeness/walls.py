"""Bot challenges: a response that a site's protection sends in place of what was asked for is no answer.

It is neither read, retried nor rendered. Its URL stays due, and its host is backed off, and given up for this run after
a few in a row: to come again is what such a protection counts.
"""

from __future__ import annotations

import logging
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from cleaners.pagetype.challenge import MAX_BYTES, Challenge, find_challenge
from cleaners.types import Reason
from crawler.fetching.exceptions import RequestRefused
from crawler.fetching.politeness.backoff import HostBackoff
from crawler.files.decompression import DamagedStreamError, StreamTooLargeError, decompress
from crawler.signals import walled

logger = logging.getLogger("copydesk")


class Walls:
    """Refuses responses that are bot challenges."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._hosts: set[str] = set()
        """Hosts of which the log has said so."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for each crawl."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Accept a response.

        Raises:
            RequestRefused: ``walled``, for a bot challenge. A challenge in place of robots.txt passes: RFC 9309 says
                what its status means.
        """
        if request.callback is NO_CALLBACK:
            return response
        challenge = find_challenge(response.body, status=response.status, headers=_headers(response))
        if challenge is None:
            return response
        self._report(request, response, challenge)
        raise RequestRefused(Reason.WALLED, describe(challenge, response.status))

    def _report(self, request: Request, response: Response, challenge: Challenge) -> None:
        self.crawler.stats.inc_value("fault/walled_count")
        host = urlsplit(response.url).hostname or ""
        if host not in self._hosts:
            self._hosts.add(host)
            logger.warning("%s: %s; its pages stay due", host, describe(challenge, response.status))
        context = request.cb_kwargs.get("context")
        self.crawler.signals.send_catch_log(walled, source=context.source.name if context is not None else "")
        backoff = self.crawler.get_downloader_middleware(HostBackoff)
        if backoff is not None:
            backoff.walled(request)


def _headers(response: Response) -> dict[str, str]:
    """The headers of a response, with names in lower case."""
    return {
        str(name, "latin-1").lower(): b", ".join(values).decode("latin-1") for name, values in response.headers.items()
    }


def is_challenge(response: Response) -> bool:
    """True for a bot challenge, also where its content coding is not decoded yet."""
    body, coding = response.body, _headers(response).get("content-encoding", "").strip().lower()
    if coding:
        try:
            body = decompress(body, coding, MAX_BYTES + 1)
        except (DamagedStreamError, StreamTooLargeError, ValueError, KeyError):
            body = b""
    return find_challenge(body, status=response.status, headers=_headers(response)) is not None


def describe(challenge: Challenge, status: int) -> str:
    """A challenge in words."""
    vendor = "an unknown protection" if challenge.vendor == "unknown" else challenge.vendor
    return f"{vendor} asks whether a person reads, in place of the page (HTTP {status}, {challenge.sign})"
