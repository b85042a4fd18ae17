"""robots.txt (RFC 9309): a server that cannot give its rules is left alone, and says so in one line."""

from __future__ import annotations

import logging
import math
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from cleaners.types import Right
from crawler.failures import named
from crawler.refusal import NotAsked, Passing, Refusal
from crawler.rights import TDM_FILE, HostRights
from crawler.robotstxt import relevant

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

HOST_REASONS = frozenset(("unknown_host", "connection_refused", "forbidden_address"))
"""Failures that a page of the host would meet as well: they are told as the page's own."""

SERVER_ERROR = 500

LONGEST_CACHED = 86_400.0
"""Seconds for which a robots.txt is believed (RFC 9309, 2.4)."""
FORBID_ALL = b"User-agent: *\nDisallow: /\n"
NEXT_TRY = 300.0
"""Seconds after which a robots.txt is asked for again that no server could be asked for: a short outage is over by then."""

MOST_READ = 512_000
"""Bytes of a robots.txt that are read: RFC 9309, 2.5, asks for 500 KiB at least."""
MOST_DOWNLOADED = 10 * MOST_READ
"""Bytes of the largest robots.txt that is not taken for a failure of the server."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware, but a 5xx or no answer forbids all (RFC 9309, 2.3.1.4), and failures make no traceback."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.with_rights = crawler.settings["RIGHTS"] != "off"
        self.agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"])
        self._rights: dict[str, HostRights] = {}
        self._asked: dict[str, float] = {}
        self._silent: dict[str, Passing] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of a request's host, asked for once a day; None where it has none."""
        url = urlparse_cached(request)
        if time.monotonic() - self._asked.get(url.netloc, -math.inf) > LONGEST_CACHED:
            self._parsers.pop(url.netloc, None)
            self._silent.pop(url.netloc, None)
            self._asked[url.netloc] = time.monotonic()
        if url.netloc not in self._parsers:
            self._parsers[url.netloc] = Deferred()
            await self._ask(request, f"{url.scheme}://{url.netloc}/robots.txt", url.netloc)
        parser = self._parsers[url.netloc]
        return await maybe_deferred_to_future(parser) if isinstance(parser, Deferred) else parser

    async def _ask(self, request: Request, address: str, netloc: str) -> None:
        self._stats.inc_value("robotstxt/request_count")
        meta = {"dont_obey_robotstxt": True, "download_maxsize": MOST_DOWNLOADED}
        asking = Request(address, priority=self.DOWNLOAD_PRIORITY, meta=meta, callback=NO_CALLBACK)
        try:
            response: Any = await self.crawler.engine.download_async(asking)
        except Exception as error:  # noqa: BLE001  whatever fails is told below
            logger.debug("no robots.txt from %s: %s", netloc, error)
            self._silent[netloc] = self._without(netloc, error)
            response = Response(address, body=FORBID_ALL)
        if response.status >= SERVER_ERROR:
            self._silent[netloc] = self._keep_out(netloc, f"HTTP {response.status}")
            response = response.replace(body=FORBID_ALL)
        elif response.status >= 400:
            response = response.replace(body=b"")
        self._stats.inc_value("limit/robots_count", len(response.body) > MOST_READ)
        rules = relevant(response.body[:MOST_READ], self.agent)
        response = response.replace(body=rules.encode())
        if self.with_rights and netloc not in self._silent:
            tdm = await self._ask_tdm(urljoin(address, TDM_FILE))
            self._rights[netloc] = HostRights.of(rules, tdm)
        await self._parse_robots(response, netloc, request)

    def _without(self, netloc: str, error: Exception) -> Passing:
        """What a host's pages meet whose robots.txt could not be had."""
        if isinstance(error, NotAsked):
            self._asked[netloc] = -math.inf
            return NotAsked(error.reason, error.detail)
        reason, words = named(error)
        if reason in HOST_REASONS:
            self._asked[netloc] = time.monotonic() + NEXT_TRY - LONGEST_CACHED
            return Passing(reason, f"robots.txt: {words}" if isinstance(error, Refusal) else words)
        return self._keep_out(netloc, words)

    @staticmethod
    def _keep_out(netloc: str, words: str) -> Passing:
        logger.warning("%s gives no robots.txt (%s): keeping out of it", netloc, words)
        return Passing("robots", f"the host gives no robots.txt: {words}")

    async def _ask_tdm(self, address: str) -> bytes:
        """TDMRep's file of a host, before any page of it is asked; empty where it has none."""
        meta = {"dont_obey_robotstxt": True, "dont_retry": True, "download_maxsize": MOST_READ}
        asking = Request(address, priority=self.DOWNLOAD_PRIORITY, meta=meta, callback=NO_CALLBACK)
        try:
            answer: Any = await self.crawler.engine.download_async(asking)
        except Exception as error:  # noqa: BLE001  a host that cannot give it says nothing
            logger.debug("no %s: %s", address, error)
            return b""
        return bytes(answer.body) if answer.status == 200 else b""

    def rights(self, url: str) -> tuple[Right, ...]:
        """What the host of a page reserves for it."""
        found = self._rights.get(urlsplit(url).netloc)
        return found.for_url(url) if found else ()

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let a request pass.

        Raises:
            Refusal: ``robots``, when the rules forbid it, or the server failed to give them; what its robots.txt met, when
                no server could be asked for it.
        """
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as refused:
            silent = self._silent.get(urlparse_cached(request).netloc)
            if silent:
                raise type(silent)(silent.reason, silent.detail) from refused
            raise Refusal("robots", "robots.txt forbids it") from refused

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Addresses of the sitemaps that the robots.txt of a page's host names (sitemaps.org), as far as it was read."""
        parser = self._parsers.get(urlsplit(url).netloc)
        rules = getattr(parser, "rp", None)  # Protego's, inside of Scrapy's
        return tuple(rules.sitemaps) if rules is not None else ()
