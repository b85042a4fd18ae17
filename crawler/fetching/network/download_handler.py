"""Scrapy's HTTP download handler with limits: time and size of the headers, size and compression of the body.

The limits of a whole response are Scrapy's own: ``DOWNLOAD_TIMEOUT`` and ``DOWNLOAD_MAXSIZE``. Content codings are
decoded here, not in Scrapy's middleware, which accepts truncated streams.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from OpenSSL import SSL
from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes
from scrapy.utils.httpobj import urlparse_cached
from service_identity import VerificationError

from cleaners.types import Reason
from crawler.config.plan import plan_of
from crawler.fetching.exceptions import RequestRefused, describe
from crawler.fetching.network import resolver
from crawler.fetching.network.bounds import FetchBounds
from crawler.fetching.network.replay import Replay
from crawler.reasons import FetchReason
from crawler.scrapy_internals import accept_certificates_of, limit_headers
from crawler.signals import exchange_failed, exchange_received
from crawler.types import FETCHED, Fetched

CHUNK = 65_536
"""Bytes that Twisted reads at a time: the read that ends the headers may also have the beginning of the body."""


LARGE_AT_ONCE = 2
"""Responses larger than a page that are fetched at a time: sitemaps of 10 MB and more. They begin only while fewer than
``SCRAPER_SLOT_MAX_ACTIVE_SIZE`` bytes are being processed."""

BACKOUT_SECONDS = 0.1
"""Seconds between checks whether enough responses were processed for a large one to begin."""

REMEDY = "; where that is known and accepted, verify_tls = false for the site in the sources file allows it"


class _LargerThanPageError(Exception):
    """Raised for a response larger than a page whose request allows more: it is requested again with its own limit."""


class BoundedDownloadHandler(HTTP11DownloadHandler):
    """Downloads within limits; a response that exceeds one is refused and counted as ``limit/…_count``."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.bounds = FetchBounds.from_crawler(crawler)
        self._resolver = resolver.ensure_installed(crawler)
        sessions = plan_of(crawler).sessions
        accept_certificates_of(self, [place[1:] for place, session in sessions.items() if not session.verify_tls])
        limit_headers(self, lambda size: self.bounds.check_headers(size - CHUNK))
        self._max_size = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._timeouts: dict[int, asyncio.Timeout] = {}
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._replay = Replay.from_crawler(crawler)
        crawler.signals.connect(self._headers_received, signals.headers_received)

    async def download_request(self, request: Request) -> Response:
        """Download within limits.

        A response that is larger than a page is requested again, ``LARGE_AT_ONCE`` at a time.

        Raises:
            RequestRefused: for a response that is not accepted, or an IP address that must not be connected to.
            DownloadTimeoutError, DownloadFailedError, OSError: for transient failures.
        """
        if self._replay is not None:
            answer = await self._replay.answer(request)
            self.bounds.check_status(answer.status)
            return self._decompressed(request, answer, self.bounds)
        request.meta[FETCHED] = Fetched(datetime.now(UTC).replace(microsecond=0))
        try:
            return await self._downloaded(request)
        except Exception as error:
            if request.meta[FETCHED].record is None:
                reason, detail = describe(error)
                values = {"request": request, "reason": reason, "detail": detail, "at": request.meta[FETCHED].at}
                self.crawler.signals.send_catch_log(exchange_failed, **values)
            raise

    async def _downloaded(self, request: Request) -> Response:
        most = self._max_bytes(request)
        small = min((size for size in (most, self.bounds.page_bytes) if size), default=0)
        try:
            with suppress(_LargerThanPageError):
                return await self._fetch(request, small, is_last=small == most)
            return await self._fetch_large(request, most)
        finally:
            request.meta["download_maxsize"] = most

    async def _fetch_large(self, request: Request, most: int) -> Response:
        async with self._large:
            engine = self.crawler.engine
            slot = engine.downloader.slots.get(str(request.meta.get("download_slot")))
            await asyncio.sleep(slot.download_delay() if slot is not None else 0)
            while engine.scraper.slot is not None and engine.scraper.slot.needs_backout():  # noqa: ASYNC110
                await asyncio.sleep(BACKOUT_SECONDS)
            return await self._fetch(request, most)

    async def _fetch(self, request: Request, most: int, *, is_last: bool = True) -> Response:
        """Download and decompress a response of at most so many bytes; 0 is no limit.

        Raises:
            _LargerThanPageError: for a larger one, where this is not the last try.
        """
        request.meta["download_maxsize"] = most
        counted: list[str] = []
        bounds = replace(self.bounds, increment=counted.append)
        try:
            response = await self._download(request, bounds)
            bounds.check_status(response.status)
            values = {"request": request, "response": response, "at": request.meta[FETCHED].at}
            self.crawler.signals.send_catch_log(exchange_received, **values)
            return self._decompressed(request, response, bounds)
        except RequestRefused as refused:
            if not is_last and refused.reason in (Reason.TOO_LARGE, FetchReason.UNPACKED):
                counted.clear()
                raise _LargerThanPageError from None
            raise
        finally:
            for name in counted:
                self.bounds.increment(name)

    async def _download(self, request: Request, bounds: FetchBounds) -> Response:
        own = float(request.meta.get("download_timeout") or 0)  # one that is longer than the setting is meant so
        seconds = own if own > self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT") else bounds.header_seconds
        try:
            async with asyncio.timeout(seconds) as timeout:
                self._timeouts[id(request)] = timeout
                return await super().download_request(request)
        except TimeoutError as error:
            bounds.increment("limit/header_seconds_count")
            raise DownloadTimeoutError(f"no headers within {seconds:g} s") from error
        except DownloadTimeoutError:
            bounds.increment("limit/seconds_count")
            raise
        except DownloadCancelledError as error:
            most = self._max_bytes(request)
            raise bounds.refuse(Reason.TOO_LARGE, f"the response has more than {most} bytes") from error
        except CannotResolveHostError as error:
            if why := self._resolver.refused.get(urlparse_cached(request).hostname or ""):
                raise bounds.refuse(FetchReason.FORBIDDEN_ADDRESS, why) from error
            raise
        except DownloadFailedError as error:
            if why := certificate_error(error.__cause__):
                raise bounds.refuse(FetchReason.CERTIFICATE, why) from error
            raise refusal_in(error) or error from error.__cause__
        finally:
            self._timeouts.pop(id(request), None)

    def _headers_received(self, request: Request) -> None:
        """The headers have arrived: stop their timeout; ``DOWNLOAD_TIMEOUT`` still limits the body."""
        if (timeout := self._timeouts.get(id(request))) is not None and not timeout.expired():
            timeout.reschedule(None)

    def _max_bytes(self, request: Request) -> int:
        return int(request.meta.get("download_maxsize", self._max_size))

    def _decompressed(self, request: Request, response: Response, bounds: FetchBounds) -> Response:
        names = [name for line in response.headers.getlist("Content-Encoding") for name in content_codings(line)]
        if not names:
            return response
        del response.headers["Content-Encoding"]
        if not response.body or request.method == "HEAD":
            return response
        body = bounds.decompress(response.body, names, self._max_bytes(request))
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        more: dict[str, object] = {"encoding": None} if issubclass(kind, TextResponse) else {}
        return response.replace(cls=kind, body=body, **more)


def content_codings(line: bytes) -> list[str]:
    """Codings of a Content-Encoding header, in the order they were applied; ``identity`` and the like are left out."""
    names = [name.strip().lower() for name in line.decode("latin-1").split(",")]
    return [name for name in names if name not in ("", "identity", "none", "utf-8")]


def refusal_in(error: DownloadFailedError) -> RequestRefused | None:
    """The refusal that ended a connection, which Twisted wraps."""
    reasons = getattr(error.__cause__, "reasons", None) or ()
    return next((reason.value for reason in reasons if isinstance(reason.value, RequestRefused)), None)


def certificate_error(error: BaseException | None) -> str | None:
    """What is wrong with a TLS certificate, in words and with the remedy, if that ended a connection."""
    for reason in getattr(error, "reasons", None) or ():
        value = reason.value
        if isinstance(value, VerificationError):
            return f"the certificate is not for this host{REMEDY}"
        if isinstance(value, SSL.Error) and value.args and value.args[0]:
            words = {str(openssl_error[-1]) for openssl_error in value.args[0] if openssl_error}
            if any("certificate" in phrase for phrase in words):
                return f"{', '.join(sorted(words))}{REMEDY}"
    return None
