"""robots.txt (RFC 9309): a server that cannot give its rules is left alone, and says so in one line."""

from __future__ import annotations

import logging
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
from crawler.refusal import NotAsked, Refusal
from crawler.rights import TDM_FILE, HostRights
from crawler.robotstxt import relevant

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

MET_AGAIN = frozenset(("unknown_host", "connection_refused", "forbidden_address", "forbidden_port", "bad_address"))
"""Reasons for which a page of the host cannot be asked either: its own request meets them, and says so."""

SERVER_ERROR = 500

LONGEST_CACHED = 86_400.0
"""Seconds for which a robots.txt is believed (RFC 9309, 2.4)."""
FORBID_ALL = b"User-agent: *\nDisallow: /\n"


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
        self._silent: dict[str, str] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of a request's host, asked for once a day; None where it has none."""
        url = urlparse_cached(request)
        if time.monotonic() - self._asked.get(url.netloc, 0.0) > LONGEST_CACHED:
            self._parsers.pop(url.netloc, None)
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
            reason, words = named(error)
            if isinstance(error, NotAsked) or reason in MET_AGAIN:
                self._robots_error(error, netloc)
                return
            logger.warning("%s gives no robots.txt (%s): keeping out of it", netloc, words)
            self._silent[netloc] = words
            response = Response(address, body=FORBID_ALL)
        if response.status >= SERVER_ERROR:
            logger.warning("%s answers robots.txt with HTTP %d: keeping out of it", netloc, response.status)
            response = response.replace(body=FORBID_ALL)
        elif response.status >= 400:
            response = response.replace(body=b"")
        rules = relevant(response.body[:MOST_READ], self.agent)
        response = response.replace(body=rules.encode())
        if self.with_rights:
            tdm = await self._ask_tdm(urljoin(address, TDM_FILE))
            self._rights[netloc] = HostRights.of(rules, tdm)
        await self._parse_robots(response, netloc, request)

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
            Refusal: ``robots``, when the rules forbid it, or the server failed to give them.
        """
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as refused:
            words = self._silent.get(urlparse_cached(request).netloc)
            detail = f"the host gives no robots.txt: {words}" if words else "robots.txt forbids it"
            raise Refusal("robots", detail) from refused

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Addresses of the sitemaps that the robots.txt of a page's host names (sitemaps.org), as far as it was read."""
        parser = self._parsers.get(urlsplit(url).netloc)
        rules = getattr(parser, "rp", None)  # Protego's, inside of Scrapy's
        return tuple(rules.sitemaps) if rules is not None else ()
