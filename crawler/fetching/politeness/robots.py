"""robots.txt (RFC 9309) of each host, and what says the rights in its pages: requested once a day, within limits."""

from __future__ import annotations

import asyncio
import logging
import math
import time
import zlib
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urljoin, urlsplit

from scrapy import signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import load_object

from cleaners.metadata.rsl import read_terms
from cleaners.urls.resolve import registrable_domain, resolve_url
from crawler.config.settings_values import SettingsValues
from crawler.fetching.exceptions import RequestDeferred, RequestRefused, describe
from crawler.fetching.politeness.host_rights import TDM_FILE, HostRights, licenses, terms_for_url
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

LICENSE = " license"
"""The end of the origin of a right that is the URL of a licence: ``link license``, ``header license``."""

Parsed = TypeVar("Parsed")

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

MAX_LICENSES_A_HOST = 20
"""Licences of a host's pages that are fetched, beside that of its robots.txt; a publisher has one or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFiles:
    """The robots.txt of a host, compressed; or why it is not available."""

    robots: bytes = b""
    refusal: RequestRefused | None = None
    """Raised for each page of the host; None where the file is available."""
    until: float = math.inf
    """Time of the monotonic clock from which it is requested again."""


@dataclass(frozen=True, slots=True)
class HostRules:
    """The robots.txt of a host, parsed."""

    parser: RobotParser
    """It has no rules of a large file; they are parsed for each URL."""
    large: LargeFile | None


class ParsedFiles(Generic[Parsed]):
    """Parsed files, cached up to ``MAX_PARSED_BYTES``: the least recently used are dropped first."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, tuple[Parsed, int]] = OrderedDict()
        self._bytes = 0

    def get(self, name: str) -> Parsed | None:
        """A file by its name; None where it is not cached."""
        if name not in self._files:
            return None
        self._files.move_to_end(name)
        return self._files[name][0]

    def add(self, name: str, parsed: Parsed, size: int) -> Parsed:
        """Cache a file of a size in bytes, and return it."""
        self.drop(name)
        self._files[name] = parsed, size
        self._bytes += size
        while self._bytes > MAX_PARSED_BYTES and len(self._files) > 1:
            self.drop(next(iter(self._files)))
        return parsed

    def drop(self, name: str) -> None:
        """Remove a file from the cache."""
        if name in self._files:
            self._bytes -= self._files.pop(name)[1]


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
        self._parsed: ParsedFiles[HostRules] = ParsedFiles()
        self._rights: dict[str, asyncio.Task[tuple[bytes, bytes]]] = {}
        """The TDMRep file and the licence of each host, compressed, once one of its articles was read."""
        self._parsed_rights: ParsedFiles[HostRights] = ParsedFiles()
        self._licenses: dict[str, dict[str, asyncio.Task[bytes]]] = defaultdict(dict)
        """Licences that pages name, compressed, by host and URL."""

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
        """Fetch the file and cache it. Never raises: pages wait for the result."""
        self.crawler.stats.inc_value("robotstxt/request_count")
        url = f"{urlparse_cached(request).scheme}://{netloc}/robots.txt"
        try:
            robots = await self._fetch_robots(url)
            text = relevant_lines(robots[:MAX_ROBOTS_BYTES], self.agent).encode()
            files = HostFiles(robots=zlib.compress(text), until=time.monotonic() + MAX_CACHE_SECONDS)
            for cache in (self._parsed, self._parsed_rights):
                cache.drop(netloc)
            for tasks in (self._rights, self._licenses):
                tasks.pop(netloc, None)
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
        """The TDMRep file and the RSL licence of a host.

        The licence is the first on the same site that robots.txt names: no site speaks for another.
        """
        tdm = await self._fetch_file(urljoin(url, TDM_FILE))
        own = _of_site(url, licenses(robots))
        rsl = await self._fetch_file(own) if own else b""
        return zlib.compress(tdm), zlib.compress(rsl)

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
        """The parsed robots.txt of a host."""
        if (known := self._parsed.get(netloc)) is not None:
            return known
        text = zlib.decompress(files.robots)
        large = LargeFile.of(text.decode())
        parser = self._parser_class.from_crawler(self.crawler, large.without_rules.encode() if large else text)
        return self._parsed.add(netloc, HostRules(parser, large), len(text))

    def _known_rules(self, url: str) -> HostRules | None:
        """The rules of a page's host; None where they were not fetched."""
        netloc = urlsplit(url).netloc
        files = self._files.get(netloc)
        return self._rules(netloc, files) if files and not files.refusal else None

    async def rights(self, url: str, named: Iterable[Right] = ()) -> tuple[Right, ...]:
        """The rights that the host of an article's page reserves for it, and the terms of the licence that it names.

        The host's files are fetched for its first article: no other host is asked, nor one that has no article.

        Args:
            url: of the page.
            named: the rights that the page itself names, with the URLs of its licences.
        """
        netloc = urlsplit(url).netloc
        files = self._files.get(netloc)
        if not self.with_rights or files is None or files.refusal:
            return ()
        robots = zlib.decompress(files.robots).decode()
        if netloc not in self._rights:
            self._rights[netloc] = asyncio.ensure_future(self._fetch_rights(url, robots))
        packed = await asyncio.shield(self._rights[netloc])
        of_host = self._parsed_rights.get(netloc)
        if of_host is None:
            tdm, rsl = map(zlib.decompress, packed)
            size = len(robots) + len(tdm) + len(rsl)
            of_host = self._parsed_rights.add(netloc, HostRights.of(robots, tdm, rsl), size)
        return (*of_host.for_url(url), *await self._terms(url, netloc, named))

    async def _terms(self, url: str, netloc: str, named: Iterable[Right]) -> tuple[Right, ...]:
        """The terms of the first licence on the same site that a page names in a link element or a header."""
        origins = {right.value: right.origin.removesuffix(LICENSE) for right in named if right.origin.endswith(LICENSE)}
        own = _of_site(url, origins)
        fetched = self._licenses[netloc]
        if not own or (own not in fetched and len(fetched) >= MAX_LICENSES_A_HOST):
            return ()
        if own not in fetched:
            fetched[own] = asyncio.ensure_future(self._fetch_license(own))
        terms = read_terms(zlib.decompress(await asyncio.shield(fetched[own])))
        origin = next(origin for value, origin in origins.items() if resolve_url(url, value) == own)
        return terms_for_url(terms, url, origin)

    async def _fetch_license(self, url: str) -> bytes:
        return zlib.compress(await self._fetch_file(url))

    def crawl_delay(self, url: str) -> float:
        """Seconds between requests that the robots.txt of a page's host asks for; 0 where it asks for none."""
        rules = self._known_rules(url)
        return float(rules.parser.crawl_delay(self.agent) or 0.0) if rules else 0.0

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """URLs of the sitemaps in the robots.txt of a page's host (sitemaps.org)."""
        rules = self._known_rules(url)
        parsed = getattr(rules.parser, "rp", None) if rules else None  # Protego's parser inside Scrapy's
        return tuple(parsed.sitemaps) if parsed is not None else ()


def _of_site(url: str, references: Iterable[str]) -> str | None:
    """The first of some references that is a file of a page's own site: no site speaks for another."""
    site = registrable_domain(url)
    urls = (resolve_url(url, reference) for reference in references)
    return next((found for found in urls if found and registrable_domain(found) == site), None)
