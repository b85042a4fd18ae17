"""What this project uses of the private parts of Scrapy and Twisted; no other module touches one.

They were read in the versions that ``tests/unit/crawler/test_scrapy_internals.py`` names.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.feedexport import FeedExporter
from scrapy.extensions.throttle import AutoThrottle
from scrapy.pqueues import DownloaderAwarePriorityQueue
from twisted.python.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from scrapy import Request, Spider
    from scrapy.core.downloader import Downloader, Slot
    from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
    from scrapy.crawler import Crawler
    from scrapy.extensions.feedexport import FeedSlot
    from scrapy.http import Response
    from twisted.internet.interfaces import IAddress


def wake_engine(crawler: Crawler) -> None:
    """Have the engine look for work now; by itself it does so every five seconds."""
    slot = crawler.engine._slot
    if slot is not None:
        slot.nextcall.schedule()


def is_closing(crawler: Crawler) -> bool:
    """True for a crawl that is ending or has ended."""
    slot = crawler.engine._slot
    return slot is None or bool(slot.closing)


def engine_load(crawler: Crawler) -> tuple[int, int, int, int]:
    """Numbers of responses and items in process and of requests in flight; 1 for pending requests, 1 for first ones."""
    engine = crawler.engine
    slot, scraper = engine._slot, engine.scraper.slot
    busy = len(scraper.active) + len(scraper.queue) + scraper.itemproc_size if scraper is not None else 0
    in_flight = len(slot.inprogress) if slot is not None else 0
    is_pending = slot is not None and slot.scheduler is not None and slot.scheduler.has_pending_requests()
    return busy, in_flight, int(is_pending), int(engine._start is not None)


def accept_certificates_of(handler: HTTP11DownloadHandler, unverified: Collection[tuple[str, int]]) -> None:
    """Have a download handler accept any certificate of some hosts and ports."""
    if not unverified:
        return
    policy: Any = handler._contextFactory
    accepting, verifying = copy.copy(policy), policy.creatorForNetloc
    accepting._verify_certificates = False

    def creator(hostname: bytes, port: int) -> object:
        if (hostname.decode("ascii"), port) in unverified:
            return type(accepting).creatorForNetloc(accepting, hostname, port)
        return verifying(hostname, port)

    policy.creatorForNetloc = creator


def limit_headers(handler: HTTP11DownloadHandler, check: Callable[[int], None]) -> None:
    """Have a download handler check the size of response headers while they arrive.

    Args:
        handler: the handler, before it has a connection.
        check: called with the bytes received until the headers end, the last read as a whole; it raises IgnoreRequest,
            which ends the connection.
    """
    from scrapy.core.downloader.handlers import http11  # noqa: PLC0415  half a second that a list of spiders need not take
    from twisted.web._newclient import HEADER, STATUS  # noqa: PLC0415  see above

    class Protocol(http11._LenientHTTP11ClientProtocol):
        head = 0

        def request(self, request: Any) -> Any:
            self.head = 0
            return super().request(request)

        def dataReceived(self, bytes: bytes) -> None:  # noqa: N802, A002  Twisted's names
            if self._parser is not None and self._parser.state in (STATUS, HEADER):
                self.head += len(bytes)
                try:
                    check(self.head)
                except IgnoreRequest as refused:
                    self._giveUp(Failure(refused))
                    return
            super().dataReceived(bytes)

    class Connections(http11._LenientHTTP11ClientFactory):
        def buildProtocol(self, addr: IAddress | None) -> Protocol:  # noqa: N802  Twisted's name
            return Protocol(self._quiescentCallback)

    handler._pool._factory = Connections


class FeedExporterSteps(FeedExporter):
    """Scrapy's feed exporter, whose last step can be changed."""

    async def close_slot(self, slot: FeedSlot, spider: Spider) -> None:
        """Let an exporter write its end, and store the file."""
        await super()._close_slot(slot, spider)

    async def _close_slot(self, slot: FeedSlot, spider: Spider) -> None:
        await self.close_slot(slot, spider)


class RedirectSteps(BaseRedirectMiddleware):
    """The common part of Scrapy's redirects, whose steps can be changed."""

    def build_redirect(self, source: Request, response: Response, url: str, **more: object) -> Request:
        """The request for the target of a redirect."""
        return super()._build_redirect_request(source, response, url=url, **more)

    def redirect(self, redirected: Request, request: Request, reason: object) -> Request:
        """The request that follows a redirect, as it is sent.

        Raises:
            IgnoreRequest: after too many redirects.
        """
        return super()._redirect(redirected, request, reason)

    def _build_redirect_request(
        self, source_request: Request, response: Response, *, url: str, **more: object
    ) -> Request:
        return self.build_redirect(source_request, response, url, **more)

    def _redirect(self, redirected: Request, request: Request, reason: object) -> Request:
        return self.redirect(redirected, request, reason)


class ThrottleSteps(AutoThrottle):
    """Scrapy's AutoThrottle, whose rule can be changed."""

    def adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        """Set the delay of a host after a response; ``latency`` in seconds."""
        super()._adjust_delay(slot, latency, response)

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        self.adjust_delay(slot, latency, response)


class HostQueues(DownloaderAwarePriorityQueue):
    """Scrapy's queue of the hosts, with its downloader and its choice of the next one."""

    @property
    def downloader(self) -> Downloader:
        """The downloader that the queue feeds."""
        return self._downloader_interface.downloader

    def next_host(self, active: list[tuple[int, str]]) -> str:
        """Of hosts with their numbers of requests in flight, the one with the fewest, in turn."""
        return self._next_slot(active, update_state=True)
