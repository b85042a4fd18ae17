"""The spider that finds the hubs of feeds, subscribes, and starts a crawl for what is pushed."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from cleaners.types import PageRejected
from crawler.cleaning import CleaningWorkers
from crawler.config.arguments import Arguments
from crawler.config.plan import CrawlPlan
from crawler.context import CrawlContext
from crawler.fetching.exceptions import describe, request_of
from crawler.fetching.network.to_page import to_page
from crawler.frontier import select
from crawler.frontier.listings import sniff
from crawler.frontier.listings.types import DocumentKind, Listing
from crawler.ledger.lock import LedgerBusyError, lock
from crawler.ledger.open import open_ledger
from crawler.ledger.types import FetchRecord, LedgerError
from crawler.run_report.status import ExitStatus
from crawler.spiders.components import required_extension
from crawler.spiders.listen.callback import resource, site
from crawler.spiders.listen.spool import Spool, Waiting
from crawler.spiders.listen.subscriptions import Subscription, Subscriptions
from crawler.spiders.listening import ListeningSpider
from crawler.spiders.source import SourceSpider
from crawler.types import DiscoveredUrl, Role, Source
from crawler.util import now

logger = logging.getLogger("copydesk")

POLL_SECONDS = 1.0
"""Seconds between two checks for due subscriptions and new pushes."""

SETTLE_SECONDS = 2.0
"""Seconds after a push before its crawl begins: hubs push the feeds of a site one after the other."""

AGAIN_SECONDS = 20.0
"""Seconds after which a crawl that could not run is tried again: with a crawl of a second, still within a minute."""

DONE = (ExitStatus.OK, ExitStatus.UNREACHABLE, ExitStatus.DEGRADED)
"""Exit statuses of a crawl after which the pushed articles are in the ledger or in the output."""

HUB_STATUSES = (200, 202, 204)


class ListenSpider(ListeningSpider, SourceSpider):
    """Subscribes to the feeds of sources.

    Args:
        arguments: the sources, and what is sent to them.
        callback: URL at which hubs reach this server.
        place: address and port at which it listens.
        spool: folder of what was pushed.
        ledger: URL of the ledger of the crawls.
        command: the crawl's command, without the sources that it is limited to.
    """

    name = "listen"

    def __init__(
        self,
        arguments: Arguments,
        callback: str,
        place: tuple[str, int],
        *,
        spool: Path,
        ledger: str,
        command: Sequence[str],
    ) -> None:
        sources = arguments.plan.sources
        super().__init__(sources[0])
        self.plan = CrawlPlan(credentials=arguments.plan.credentials, sessions=arguments.plan.sessions)
        self.sources = {source.url: source for source in sources}
        self.callback, self.place, self.ledger, self.command = callback, place, ledger, [*command]
        self.subscriptions = Subscriptions()
        self.spool = Spool(spool)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> AsyncIterator[Request]:
        """Listen, and request each source."""
        port = self.listen(self.place, site(resource(self.subscriptions, self.spool.put)))
        logger.info("listening at %s:%d for %s", self.place[0], port, self.callback)
        self._tasks = [asyncio.ensure_future(self._renew()), asyncio.ensure_future(self._crawl())]
        for source in self.sources.values():
            yield self._request(source.url, source, is_source=True)

    def _request(self, url: str, source: Source, *, is_source: bool = False) -> Request:
        context = {"source": source, "is_source": is_source}
        return Request(url, callback=self.read, errback=self.failed, cb_kwargs=context, dont_filter=True)

    async def read(self, response: Response, source: Source, *, is_source: bool) -> AsyncIterator[Request]:
        """Subscribe to a feed that has a hub; of a page, look at the feeds that it declares."""
        workers = required_extension(self.crawler, CleaningWorkers)
        try:
            kind, data = sniff.read_document(response)
            listing = await workers.read_listing(kind, data, response.url) if kind is DocumentKind.FEED else None
        except PageRejected as error:
            logger.error("%s: %s", response.url, error.detail)  # noqa: TRY400  one clear line
            return
        if listing is not None:
            if listing.hub is None:
                logger.info("%s has no hub: only crawls see its changes", response.url)
            else:
                self.subscriptions.add(listing.topic or response.url, listing.hub, source.url)
        elif kind is DocumentKind.PAGE and is_source:
            page = await workers.process_page(to_page(response), with_links=True)
            for feed_url in page.feeds:
                yield self._request(feed_url, source)

    def failed(self, failure: Failure) -> None:
        """Log why a source or feed could not be read."""
        logger.error("%s: %s", request_of(failure).url, describe(failure.value)[1])

    async def _renew(self) -> None:
        """Request subscriptions, for the first time and before their leases end."""
        while True:
            for subscription in self.subscriptions.due(time.monotonic()):
                subscription.requested = time.monotonic()
                await self._subscribe(subscription)
            await asyncio.sleep(POLL_SECONDS)

    async def _subscribe(self, subscription: Subscription) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        meta = {"dont_obey_robotstxt": True, "handle_httpstatus_all": True}
        request = Request(
            subscription.hub, method="POST", headers=headers, body=subscription.form(self.callback), meta=meta
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001  a hub that cannot be reached is asked again
            logger.error("%s: the hub %s: %s", subscription.topic, subscription.hub, describe(error)[1])  # noqa: TRY400
            return
        if response.status not in HUB_STATUSES:
            logger.error(
                "%s: the hub %s refuses: %d %s",
                subscription.topic,
                subscription.hub,
                response.status,
                response.body[:200],
            )

    async def _crawl(self) -> None:
        """Crawl the sources of pushed feeds one after the other; a source that fails does not block the others."""
        again: dict[str, float] = {}
        while True:
            await asyncio.sleep(POLL_SECONDS)
            now = time.monotonic()
            waiting = [push for push in self.spool.waiting() if again.get(push.source, now) <= now]
            if not waiting:
                continue
            await asyncio.sleep(SETTLE_SECONDS)
            source = waiting[0].source
            group = [push for push in self.spool.waiting() if push.source == source]
            if await self._take(source, group):
                self.spool.done(group)
            else:
                again[source] = time.monotonic() + AGAIN_SECONDS

    async def _take(self, url: str, group: list[Waiting]) -> bool:
        """Write the pushes of a source to the ledger and crawl the source; False where this must be tried again."""
        source = self.sources.get(url)
        if source is None:  # it is no source any more
            return True
        try:
            taken = lock(self.ledger)
            try:
                ledger = open_ledger(self.ledger)
                for push in group:  # one body at a time is in memory
                    if (record := await self._record(push, source)) is not None:
                        await ledger.commit([record])
                ledger.close()
            finally:
                if taken is not None:
                    taken.release()
        except (LedgerBusyError, LedgerError, OSError, UnicodeError) as error:
            logger.info("%s: waits: %s", url, error)
            return False
        process = await asyncio.create_subprocess_exec(sys.executable, *self.command, "-a", f"only={url}")
        status = await process.wait()
        logger.info("%s: %d pushed, the crawl ended with %d", url, len(group), status)
        return status in DONE

    async def _record(self, waiting: Waiting, source: Source) -> FetchRecord | None:
        """The record of a pushed feed: the articles that it lists are due."""
        try:
            pushed = waiting.read()
        except (OSError, ValueError) as error:
            logger.error("%s cannot be read any more: %s", waiting.file, error)  # noqa: TRY400  one clear line
            return None
        kind = sniff.document_kind(pushed.body)
        if kind is not DocumentKind.FEED:  # it does not list the changes: the crawl reads the feed itself
            return None
        workers = required_extension(self.crawler, CleaningWorkers)
        try:
            listing: Listing = await workers.read_listing(kind, pushed.body, pushed.topic)
        except PageRejected as error:
            logger.warning("%s: what was pushed cannot be read: %s", pushed.topic, error.detail)
            return None
        context = CrawlContext(source=source, target=DiscoveredUrl(url=pushed.topic, role=Role.FEED))
        discovered = tuple(url for url in select.listed_urls(listing, context) if url.skipped is None)
        return FetchRecord(
            url=pushed.topic,
            role=Role.FEED,
            source=source.name,
            at=now(),
            status=200,
            discovered=discovered,
            is_partial=True,
        )

    async def stop(self) -> None:
        """Stop listening."""
        for task in self._tasks:
            task.cancel()
        await super().stop()
