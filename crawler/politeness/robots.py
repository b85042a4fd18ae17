"""robots.txt (RFC 9309): a server that cannot give its rules is left alone, and says so in one line."""

from __future__ import annotations

import asyncio
import logging
import math
import time
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy import signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.network.exceptions import RequestDeferred, TransientRefusal, RequestRefused
from crawler.network.failure_reasons import named
from crawler.politeness.host_rights import TDM_FILE, HostRights
from crawler.politeness.robotstxt import relevant

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

    from cleaners.types import Right

logger = logging.getLogger(__name__)

HOST_REASONS = frozenset(("unknown_host", "connection_refused", "forbidden_address"))
"""Failures that a page of the host would meet as well: they are told as the page's own."""

SERVER_ERROR, CLIENT_ERROR = 500, 400

MAX_CACHE_SECONDS = 86_400.0
"""Seconds for which a robots.txt is believed (RFC 9309, 2.4)."""
RETRY_SECONDS = 300.0
"""Seconds after which a robots.txt is asked for again that no server could be asked for: a short outage is over by then."""

MAX_ROBOTS_BYTES = 512_000
"""Bytes of a robots.txt that are read: RFC 9309, 2.5, asks for 500 KiB at least."""
MAX_DOWNLOAD_BYTES = 10 * MAX_ROBOTS_BYTES
"""Bytes of the largest robots.txt that is not taken for a failure of the server."""
MAX_PARSED_BYTES = 5_000_000
"""Bytes of hosts' files that are held parsed, the least used given up first: fifty times as much in memory at worst, and the files of
a thousand hosts as newsrooms write them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a host's files say, packed; or why they cannot be had."""

    robots: bytes = b""
    tdm: bytes = b""
    silent: TransientRefusal | None = None
    until: float = math.inf
    """The moment from which they are asked for anew."""


@dataclass(frozen=True, slots=True)
class Open:
    """The same, parsed."""

    parser: RobotParser
    rights: HostRights
    weight: int


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware, but a 5xx or no answer forbids all (RFC 9309, 2.3.1.4), every page that waits for the rules gets them,
    and what is kept of them is bounded.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.with_rights = crawler.settings["RIGHTS"] != "off"
        self.agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"])
        self._rules: dict[str, Rules] = {}
        self._asking: dict[str, asyncio.Task[Rules]] = {}
        self._open: OrderedDict[str, Open] = OrderedDict()
        self._weight = 0

    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Let a request pass.

        Raises:
            Refusal: ``robots``, when the rules forbid it, or the server failed to give them; what its robots.txt met, when
                no server could be asked for it.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules, netloc = await self._known(request), urlparse_cached(request).netloc
        if rules.silent:
            raise type(rules.silent)(rules.silent.reason, rules.silent.detail)
        if not self._opened(netloc, rules).parser.allowed(request.url, self.agent):
            self._stats.inc_value("robotstxt/forbidden")
            raise RequestRefused("robots", "robots.txt forbids it")

    async def _known(self, request: Request) -> Rules:
        """The rules of a request's host, asked for once a day."""
        netloc = urlparse_cached(request).netloc
        known = self._rules.get(netloc)
        if known is not None and time.monotonic() < known.until:
            return known
        if netloc not in self._asking:
            self._asking[netloc] = task = asyncio.ensure_future(self._ask(request, netloc))
            task.add_done_callback(lambda _: self._asking.pop(netloc))
        return await asyncio.shield(self._asking[netloc])

    async def _ask(self, request: Request, netloc: str) -> Rules:
        """Ask for both files, and keep what they say. Nothing escapes: pages wait for this."""
        self._stats.inc_value("robotstxt/request_count")
        address = f"{urlparse_cached(request).scheme}://{netloc}/robots.txt"
        try:
            robots = await self._robots(address)
            text = relevant(robots[:MAX_ROBOTS_BYTES], self.agent).encode()
            tdm = await self._tdm(urljoin(address, TDM_FILE)) if self.with_rights else b""
            rules = Rules(
                robots=zlib.compress(text), tdm=zlib.compress(tdm), until=time.monotonic() + MAX_CACHE_SECONDS
            )
            self._give_up(netloc)
            parser = self._opened(netloc, rules).parser
            await self.crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=parser, request=request)
        except Exception as error:  # noqa: BLE001  whatever fails keeps us out, and is told
            logger.debug("no robots.txt from %s: %s", netloc, error)
            rules = self._without(netloc, error)
        self._rules[netloc] = rules
        return rules

    async def _robots(self, address: str) -> bytes:
        response = await self._download(address, download_maxsize=MAX_DOWNLOAD_BYTES)
        self._stats.inc_value("robotstxt/response_count")
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status >= SERVER_ERROR:
            raise RequestRefused(f"http_{response.status}", f"HTTP {response.status}")
        self._stats.inc_value("limit/robots_count", len(response.body) > MAX_ROBOTS_BYTES)
        return b"" if response.status >= CLIENT_ERROR else bytes(response.body)

    async def _tdm(self, address: str) -> bytes:
        """TDMRep's file of a host, before any page of it is asked; empty where it has none."""
        try:
            answer = await self._download(address, download_maxsize=MAX_ROBOTS_BYTES, dont_retry=True)
        except Exception as error:  # noqa: BLE001  a host that cannot give it says nothing
            logger.debug("no %s: %s", address, error)
            return b""
        return bytes(answer.body) if answer.status == 200 else b""

    async def _download(self, address: str, **meta: Any) -> Any:
        meta["dont_obey_robotstxt"] = True
        asking = Request(address, priority=self.DOWNLOAD_PRIORITY, meta=meta, callback=NO_CALLBACK)
        return await self.crawler.engine.download_async(asking)

    def _without(self, netloc: str, error: Exception) -> Rules:
        """What a host's pages meet whose robots.txt could not be had."""
        if isinstance(error, RequestDeferred):
            return Rules(silent=RequestDeferred(error.reason, error.detail), until=-math.inf)
        reason, words = named(error)
        if reason in HOST_REASONS:
            told = f"robots.txt: {words}" if isinstance(error, RequestRefused) else words
            return Rules(silent=TransientRefusal(reason, told), until=time.monotonic() + RETRY_SECONDS)
        logger.warning("%s gives no robots.txt (%s): keeping out of it", netloc, words)
        silent = TransientRefusal("robots", f"the host gives no robots.txt: {words}")
        return Rules(silent=silent, until=time.monotonic() + MAX_CACHE_SECONDS)

    def _opened(self, netloc: str, rules: Rules) -> Open:
        """A host's rules parsed, which are kept as long as there is room."""
        known = self._open.get(netloc)
        if known is not None:
            self._open.move_to_end(netloc)
            return known
        text, tdm = zlib.decompress(rules.robots), zlib.decompress(rules.tdm)
        parser = self._parserimpl.from_crawler(self.crawler, text)
        self._open[netloc] = found = Open(parser, HostRights.of(text.decode(), tdm), len(text) + len(tdm))
        self._weight += found.weight
        while self._weight > MAX_PARSED_BYTES and len(self._open) > 1:
            self._give_up(next(iter(self._open)))
        return found

    def _give_up(self, netloc: str) -> None:
        """Hold a host's rules parsed no longer."""
        if known := self._open.pop(netloc, None):
            self._weight -= known.weight

    def _said(self, url: str) -> Open | None:
        """What the host of a page says, as far as it was asked and answered."""
        netloc = urlsplit(url).netloc
        rules = self._rules.get(netloc)
        return self._opened(netloc, rules) if rules and not rules.silent else None

    def rights(self, url: str) -> tuple[Right, ...]:
        """What the host of a page reserves for it."""
        said = self._said(url)
        return said.rights.for_url(url) if said else ()

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Addresses of the sitemaps that the robots.txt of a page's host names (sitemaps.org), as far as it was read."""
        said = self._said(url)
        rules = getattr(said.parser, "rp", None) if said else None  # Protego's, inside of Scrapy's
        return tuple(rules.sitemaps) if rules is not None else ()
