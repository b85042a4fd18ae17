"""robots.txt (RFC 9309) and the TDMRep file of each host: requested once a day, cached within limits, obeyed."""

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
from scrapy.utils.misc import load_object

from cleaners.urls.resolve import registrable_domain
from crawler.config.settings_values import SettingsValues
from crawler.fetching.exceptions import RequestDeferred, RequestRefused, describe
from crawler.fetching.politeness.host_rights import TDM_FILE, HostRights, licenses
from crawler.fetching.politeness.robotstxt import LargeFile, relevant_lines
from crawler.reasons import FetchReason, http_reason
from crawler.util import DAY

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

    from cleaners.types import Right

logger = logging.getLogger(__name__)

HOST_REASONS = frozenset((FetchReason.UNKNOWN_HOST, FetchReason.CONNECTION_REFUSED, FetchReason.FORBIDDEN_ADDRESS))
"""Failures that a page of the host would have as well: they are reported as failures of the page."""

SERVER_ERROR, CLIENT_ERROR = 500, 400

MAX_CACHE_SECONDS = DAY
"""Seconds for which a robots.txt is cached (RFC 9309, 2.4)."""
RETRY_SECONDS = 300.0
"""Seconds after which a robots.txt is requested again when the server could not be reached: a short outage is over by
then."""

MAX_ROBOTS_BYTES = 512_000
"""Bytes of a robots.txt that are parsed: RFC 9309, 2.5, requires at least 500 KiB."""
MAX_DOWNLOAD_BYTES = 10 * MAX_ROBOTS_BYTES
"""Bytes of the largest robots.txt that is accepted; a larger one counts as a failure of the server."""
MAX_PARSED_BYTES = 5_000_000
"""Bytes of hosts' files whose parsed rules are cached; the least recently used are dropped first. Parsed rules take up
to fifty times as much memory; the limit is enough for the usual files of a thousand news hosts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFiles:
    """The files of a host, compressed; or why they are not available."""

    robots: bytes = b""
    tdm: bytes = b""
    rsl: bytes = b""
    refusal: RequestRefused | None = None
    """Raised for each page of the host; None where the files are available."""
    until: float = math.inf
    """Time of the monotonic clock from which they are requested again."""


@dataclass(frozen=True, slots=True)
class HostRules:
    """The files of a host, parsed."""

    parser: RobotParser
    """It has no rules of a large file; they are parsed for each URL."""
    rights: HostRights
    size: int
    large: LargeFile | None


class Robots(RobotsTxtMiddleware):
    """Obeys robots.txt.

    Differences from Scrapy's middleware: a 5xx status or no response disallows all pages (RFC 9309, 2.3.1.4), every
    page that waits for the rules gets them, and the memory for rules is limited.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.with_rights = SettingsValues.of(crawler.settings).rights != "off"
        self.agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"])
        self._parser_class: type[RobotParser] = load_object(crawler.settings["ROBOTSTXT_PARSER"])
        self._files: dict[str, HostFiles] = {}
        self._requests: dict[str, asyncio.Task[HostFiles]] = {}
        self._parsed: OrderedDict[str, HostRules] = OrderedDict()
        self._parsed_bytes = 0

    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Accept a request.

        Raises:
            RequestRefused: ``robots`` when the rules disallow it, ``robots_unavailable`` when robots.txt could not be
                fetched; the failure of robots.txt itself when the server could not be reached.
            RequestDeferred: when the request for robots.txt was deferred.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        files, netloc = await self._host_files(request), urlparse_cached(request).netloc
        if files.refusal:
            raise type(files.refusal)(files.refusal.reason, files.refusal.detail)
        if not self._allowed(request.url, self._rules(netloc, files)):
            self.crawler.stats.inc_value("robotstxt/forbidden")
            raise RequestRefused(FetchReason.ROBOTS, "robots.txt forbids it")

    def _allowed(self, url: str, rules: HostRules) -> bool:
        parser = rules.parser
        if rules.large is not None:
            parser = self._parser_class.from_crawler(self.crawler, rules.large.for_url(url).encode())
        return bool(parser.allowed(url, self.agent))

    async def _host_files(self, request: Request) -> HostFiles:
        """The files of a request's host, requested once a day; all pages that wait for them share one request."""
        netloc = urlparse_cached(request).netloc
        cached_files = self._files.get(netloc)
        if cached_files is not None and time.monotonic() < cached_files.until:
            return cached_files
        if netloc not in self._requests:
            self._requests[netloc] = task = asyncio.ensure_future(self._fetch(request, netloc))
            task.add_done_callback(lambda _: self._requests.pop(netloc))
        return await asyncio.shield(self._requests[netloc])

    async def _fetch(self, request: Request, netloc: str) -> HostFiles:
        """Fetch both files and cache them. Never raises: pages wait for the result."""
        self.crawler.stats.inc_value("robotstxt/request_count")
        url = f"{urlparse_cached(request).scheme}://{netloc}/robots.txt"
        try:
            robots = await self._fetch_robots(url)
            text = relevant_lines(robots[:MAX_ROBOTS_BYTES], self.agent).encode()
            tdm, rsl = await self._fetch_rights(url, text.decode()) if self.with_rights else (b"", b"")
            until = time.monotonic() + MAX_CACHE_SECONDS
            files = HostFiles(robots=zlib.compress(text), tdm=zlib.compress(tdm), rsl=zlib.compress(rsl), until=until)
            self._drop(netloc)
            parser = self._rules(netloc, files).parser
            await self.crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=parser, request=request)
        except Exception as error:  # noqa: BLE001  any failure refuses the host's pages, with its reason
            logger.debug("no robots.txt from %s: %s", netloc, error)
            files = self._unavailable(netloc, error)
        self._files[netloc] = files
        return files

    async def _fetch_robots(self, url: str) -> bytes:
        response = await self._download(url, download_maxsize=MAX_DOWNLOAD_BYTES)
        self.crawler.stats.inc_value("robotstxt/response_count")
        self.crawler.stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status >= SERVER_ERROR:
            raise RequestRefused(http_reason(response.status), f"HTTP {response.status}")
        self.crawler.stats.inc_value("limit/robots_count", len(response.body) > MAX_ROBOTS_BYTES)
        return b"" if response.status >= CLIENT_ERROR else bytes(response.body)

    async def _fetch_rights(self, url: str, robots: str) -> tuple[bytes, bytes]:
        """The TDMRep file and the RSL licence of a host, fetched before any of its pages.

        The licence is the first on the same site that robots.txt names: no site speaks for another.
        """
        site = registrable_domain(url)
        named = (urljoin(url, name) for name in licenses(robots))
        own = next((name for name in named if name.startswith("http") and registrable_domain(name) == site), "")
        return await self._fetch_file(urljoin(url, TDM_FILE)), await self._fetch_file(own) if own else b""

    async def _fetch_file(self, url: str) -> bytes:
        """A file of a host; empty where there is none."""
        try:
            response = await self._download(url, download_maxsize=MAX_ROBOTS_BYTES, dont_retry=True)
        except Exception as error:  # noqa: BLE001  a file that cannot be fetched reserves nothing
            logger.debug("no %s: %s", url, error)
            return b""
        is_own = registrable_domain(response.url) == registrable_domain(url)
        return bytes(response.body) if response.status == 200 and is_own else b""

    async def _download(self, url: str, **meta: object) -> Any:
        meta["dont_obey_robotstxt"] = True
        request = Request(url, priority=self.DOWNLOAD_PRIORITY, meta=meta, callback=NO_CALLBACK)
        return await self.crawler.engine.download_async(request)

    def _unavailable(self, netloc: str, error: Exception) -> HostFiles:
        """The cache entry of a host whose robots.txt could not be fetched."""
        if isinstance(error, RequestDeferred):
            return HostFiles(refusal=RequestDeferred(error.reason, error.detail), until=-math.inf)
        reason, detail = describe(error)
        if reason in HOST_REASONS:
            shown = f"robots.txt: {detail}" if isinstance(error, RequestRefused) else detail
            return HostFiles(refusal=RequestRefused(reason, shown), until=time.monotonic() + RETRY_SECONDS)
        logger.warning("%s gives no robots.txt (%s): its pages are not requested", netloc, detail)
        refusal = RequestRefused(FetchReason.ROBOTS_UNAVAILABLE, f"the host gives no robots.txt: {detail}")
        return HostFiles(refusal=refusal, until=time.monotonic() + MAX_CACHE_SECONDS)

    def _rules(self, netloc: str, files: HostFiles) -> HostRules:
        """The parsed files of a host, cached up to ``MAX_PARSED_BYTES``."""
        cached_rules = self._parsed.get(netloc)
        if cached_rules is not None:
            self._parsed.move_to_end(netloc)
            return cached_rules
        text, tdm, rsl = (zlib.decompress(data) for data in (files.robots, files.tdm, files.rsl))
        large = LargeFile.of(text.decode())
        parser = self._parser_class.from_crawler(self.crawler, large.without_rules.encode() if large else text)
        rights, size = HostRights.of(text.decode(), tdm, rsl), len(text) + len(tdm) + len(rsl)
        self._parsed[netloc] = rules = HostRules(parser, rights, size, large)
        self._parsed_bytes += rules.size
        while self._parsed_bytes > MAX_PARSED_BYTES and len(self._parsed) > 1:
            self._drop(next(iter(self._parsed)))
        return rules

    def _drop(self, netloc: str) -> None:
        """Remove the parsed files of a host from the cache."""
        if rules := self._parsed.pop(netloc, None):
            self._parsed_bytes -= rules.size

    def _known_rules(self, url: str) -> HostRules | None:
        """The rules of a page's host; None where they were not fetched."""
        netloc = urlsplit(url).netloc
        files = self._files.get(netloc)
        return self._rules(netloc, files) if files and not files.refusal else None

    def rights(self, url: str) -> tuple[Right, ...]:
        """The rights that the host of a page reserves for it."""
        rules = self._known_rules(url)
        return rules.rights.for_url(url) if rules else ()

    def crawl_delay(self, url: str) -> float:
        """Seconds between requests that the robots.txt of a page's host asks for; 0 where it asks for none."""
        rules = self._known_rules(url)
        return float(rules.parser.crawl_delay(self.agent) or 0.0) if rules else 0.0

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """URLs of the sitemaps in the robots.txt of a page's host (sitemaps.org)."""
        rules = self._known_rules(url)
        parsed = getattr(rules.parser, "rp", None) if rules else None  # Protego's parser inside Scrapy's
        return tuple(parsed.sitemaps) if parsed is not None else ()
