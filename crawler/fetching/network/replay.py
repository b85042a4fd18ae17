"""Answers the requests of a crawl from an archive, in place of the network.

Responses are returned one at a time, in the order in which the crawl published their pages, each after all work from
the previous one is done. So two replays, and the crawl that was archived, write the same lines in the same order.
"""

from __future__ import annotations

import asyncio
import heapq
from typing import ClassVar
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.config.settings_values import SettingsValues
from crawler.fetching.exceptions import RequestDeferred, RequestRefused
from crawler.files.location import READ_ERRORS, ShardError, ShardUnavailable, find_shards
from crawler.files.warc.captures import FAILED, REVISIT, Capture, Captures, Message
from crawler.files.warc.records import UNCHANGED
from crawler.reasons import FetchReason, PendingReason
from crawler.scrapy_internals import engine_load, is_closing
from crawler.types import FETCHED, Fetched

IDLE_POLLS = 5
"""Consecutive identical polls that count as idle, before the next response is returned: a request passes the
middlewares in two or three turns of the event loop."""

POLL_SECONDS = 0.001

NO_CAPTURE = "the archive has no response of this URL"
NO_ORIGINAL = "the archive has this page only as unchanged, and not the response before it"

CONDITIONS = ("If-None-Match", "If-Modified-Since")


class Replay:
    """The responses of an archive."""

    _of_crawler: ClassVar[WeakKeyDictionary[Crawler, Replay]] = WeakKeyDictionary()

    def __init__(self, crawler: Crawler, captures: Captures) -> None:
        self.crawler = crawler
        self._captures = captures
        self._last: dict[str, int] = {}
        """Number of the capture that was given last, by URL."""
        self._captures_by_request: WeakKeyDictionary[Request, Capture] = WeakKeyDictionary()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._asked = 0
        """Number of requests so far: orders two requests for the same capture."""
        self._pump: asyncio.Task[None] | None = None
        crawler.signals.connect(captures.close, signals.spider_closed, weak=False)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Replay | None:
        """The replay of a crawl; None for a crawl that uses the network.

        Raises:
            UsageError: naming the archive, where it cannot be read.
        """
        place = SettingsValues.of(crawler.settings).replay
        if not place:
            return None
        if crawler not in cls._of_crawler:
            try:
                cls._of_crawler[crawler] = cls(crawler, Captures(find_shards([place])))
            except (ShardError, ShardUnavailable) as error:
                raise UsageError(f"setting COPYDESK_REPLAY={place}: {error}", print_help=False) from error
        return cls._of_crawler[crawler]

    async def answer(self, request: Request) -> Response:
        """The response to a request, as it was received.

        Raises:
            RequestDeferred: ``not_archived``.
            RequestRefused: with the reason for which there was no response.
        """
        capture = self._captures.next_capture(request.url, self._last.get(request.url, 0))
        if capture is None:
            raise RequestDeferred(PendingReason.NOT_ARCHIVED, NO_CAPTURE)
        self._last[request.url] = capture.number
        if "context" in request.cb_kwargs:  # what is requested while a page is handled must not wait for its end
            await self._turn(self._captures.publication_number(capture))
        if capture.kind == FAILED:
            raise RequestRefused(capture.reason or FetchReason.NETWORK, capture.detail or "")
        self._captures_by_request[request] = capture
        return self._response(request, capture)

    def rendered(self, request: Request) -> bytes | None:
        """Return the rendered HTML of the page returned last for a request; None where the archive has none."""
        capture = self._captures_by_request.get(request)
        rendered_capture = self._captures.rendered_capture(capture) if capture is not None else None
        if rendered_capture is None:
            return None
        message = self._read(rendered_capture)
        request.meta[FETCHED] = Fetched(request.meta[FETCHED].at, message.record)
        return message.body

    def _response(self, request: Request, capture: Capture) -> Response:
        message = self._read(capture)
        request.meta[FETCHED] = Fetched(message.at, message.record)
        if capture.kind == REVISIT and not (message.status == UNCHANGED and _is_conditional(request)):
            original = self._captures.original(capture)
            if original is None:
                raise RequestDeferred(PendingReason.NOT_ARCHIVED, NO_ORIGINAL)
            message = self._read(original)
        headers = Headers()
        for name, value in message.headers:
            headers.appendlist(name, value)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=message.body)
        return kind(url=request.url, status=message.status, headers=headers, body=message.body)

    def _read(self, capture: Capture) -> Message:
        """The message of a capture.

        Raises:
            RequestDeferred: where the archive cannot be read any more.
        """
        try:
            return self._captures.read(capture)
        except (*READ_ERRORS, ShardUnavailable) as error:
            raise RequestDeferred(PendingReason.NOT_ARCHIVED, f"the archive cannot be read: {error}") from error

    async def _turn(self, number: int) -> None:
        """Wait until all earlier responses that were requested have been returned."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (number, self._asked, future))
        self._asked += 1
        if self._pump is None or self._pump.done():
            self._pump = asyncio.ensure_future(self._give())
        await future

    async def _give(self) -> None:
        while self._waiting:
            await self._wait_until_idle()
            *_, future = heapq.heappop(self._waiting)
            if is_closing(self.crawler) and not future.done():
                future.set_exception(RequestDeferred(PendingReason.ENDING, "the crawl ends"))
            elif not future.done():
                future.set_result(None)

    async def _wait_until_idle(self) -> None:
        """Wait until the crawl does nothing but wait for responses."""
        same, last = 0, None
        while same < IDLE_POLLS and not is_closing(self.crawler):
            await asyncio.sleep(POLL_SECONDS)
            state = (*engine_load(self.crawler), len(self._waiting))
            same = same + 1 if state == last and state[0] == 0 else 0
            last = state


def _is_conditional(request: Request) -> bool:
    return any(name in request.headers for name in CONDITIONS)
