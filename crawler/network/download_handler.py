"""HTTP as Scrapy speaks it, with every dimension of an answer bounded: when its headers come, how large they are, what it unpacks to.

The whole answer's time is ``DOWNLOAD_TIMEOUT``, its bytes ``DOWNLOAD_MAXSIZE`` (for a page ``PAGE_MAXSIZE``), both Scrapy's own.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

from crawler.network import resolver
from crawler.network.decompression import CODINGS, StreamTooLargeError, decompress
from crawler.network.exceptions import RequestRefused

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MIN_DECOMPRESSED_BYTES = 1_000_000
"""Bytes that any answer may unpack to: a page of 5 kB that says the same thing over and over harms nobody."""


class BoundedDownloadHandler(HTTP11DownloadHandler):
    """Downloads within limits; each that is passed is a :class:`RequestRefused` and counted as ``limit/…_count``."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._header_seconds = settings.getfloat("HEADERS_TIMEOUT")
        self._ratio = settings.getint("COMPRESSION_MAX_RATIO")
        self._codings = settings.getint("COMPRESSION_MAX_CODINGS")
        self._resolver = resolver.installed(crawler)
        self._scopes: dict[int, asyncio.Timeout] = {}
        self._pool._factory = factory(settings.getint("HEADERS_MAXSIZE"))  # noqa: SLF001  Scrapy sets it so
        crawler.signals.connect(self._headers_received, signals.headers_received)

    async def download_request(self, request: Request) -> Response:
        """Download, within limits.

        Raises:
            Refusal: for an answer that is not taken, or an address that may not be connected to.
            DownloadTimeoutError, DownloadFailedError, OSError: for what may be better at another time.
        """
        try:
            return self._whole(request, await self._downloaded(request))
        except RequestRefused as refused:
            self._count(refused.reason)
            raise

    def _count(self, name: str) -> None:
        assert self._crawler.stats is not None  # noqa: S101  made before any component
        self._crawler.stats.inc_value(f"limit/{name}_count")

    async def _downloaded(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(self._header_seconds) as scope:
                self._scopes[id(request)] = scope
                return await super().download_request(request)
        except TimeoutError as error:
            self._count("header_seconds")
            raise DownloadTimeoutError(f"no headers within {self._header_seconds:g} s") from error
        except DownloadTimeoutError:
            self._count("seconds")
            raise
        except DownloadCancelledError as error:
            most = request.meta.get("download_maxsize", self._default_maxsize)
            raise RequestRefused("too_large", f"the answer has more than {most} bytes") from error
        except CannotResolveHostError as error:
            if why := self._resolver.refused.get(urlparse_cached(request).hostname or ""):
                raise RequestRefused("forbidden_address", why) from error
            raise
        except DownloadFailedError as error:
            raise refusal_in(error) or error from error.__cause__
        finally:
            self._scopes.pop(id(request), None)

    def _headers_received(self, request: Request) -> None:
        """The headers are there: what is left of the answer's time is the body's."""
        if (scope := self._scopes.get(id(request))) is not None and not scope.expired():
            scope.reschedule(None)

    def _whole(self, request: Request, response: Response) -> Response:
        """The response with its body unpacked."""
        names = [name for line in response.headers.getlist("Content-Encoding") for name in codings(line)]
        if not names:
            return response
        del response.headers["Content-Encoding"]
        if not response.body or request.method == "HEAD":
            return response
        body = self._decompress(response.body, names, request.meta.get("download_maxsize", self._default_maxsize))
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        more: dict[str, Any] = {"encoding": None} if issubclass(kind, TextResponse) else {}
        return response.replace(cls=kind, body=body, **more)

    def _decompress(self, body: bytes, names: list[str], most: int) -> bytes:
        if len(names) > self._codings:
            raise RequestRefused(
                "codings", f"the answer is packed {len(names)} times; at most {self._codings} are undone"
            )
        most = min(most or MIN_DECOMPRESSED_BYTES * self._ratio, max(MIN_DECOMPRESSED_BYTES, len(body) * self._ratio))
        for name in reversed(names):
            if name not in CODINGS:
                raise RequestRefused(
                    "unknown_coding", f"the answer has the Content-Encoding '{name}', which was not asked for"
                )
            try:
                body = decompress(body, name, most)
            except StreamTooLargeError as error:
                raise RequestRefused("unpacked", str(error)) from error
        return body


def codings(line: bytes) -> list[str]:
    """Names of a Content-Encoding header, in the order they were applied; ``identity`` is none."""
    names = [name.strip().lower() for name in line.decode("latin-1").split(",")]
    return [name for name in names if name not in ("", "identity", "none", "utf-8")]


def refusal_in(error: DownloadFailedError) -> RequestRefused | None:
    """The refusal that ended a connection, which Twisted wraps."""
    reasons = getattr(error.__cause__, "reasons", None) or ()
    return next((reason.value for reason in reasons if isinstance(reason.value, RequestRefused)), None)


def factory(most: int) -> type[Any]:
    """The factory of connections that take at most so many bytes of headers for an answer."""

    class Protocol(_LenientHTTP11ClientProtocol):
        head = 0

        def request(self, request: Any) -> Any:
            self.head = 0
            return super().request(request)

        def dataReceived(self, bytes: bytes) -> None:  # noqa: N802, A002  Twisted's names
            if self._parser is not None and self._parser.state in (STATUS, HEADER):
                self.head += len(bytes)
                if self.head > most + CHUNK:
                    refused = RequestRefused("headers", f"the headers have more than {most} bytes")
                    self._giveUp(Failure(refused))  # type: ignore[no-untyped-call]
                    return
            super().dataReceived(bytes)  # type: ignore[no-untyped-call]

    class Connections(_LenientHTTP11ClientFactory):
        def buildProtocol(self, addr: Any) -> Any:  # noqa: N802  Twisted's name
            return Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]

    return Connections


CHUNK = 65_536
"""Bytes that Twisted reads at a time: the first of them may hold the beginning of the body too."""
