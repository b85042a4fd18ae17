"""Requests for the URLs that a listing or a page names, where they are wanted and due."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scrapy import Request

from cleaners.urls.identity import page_identity, plainness
from crawler.config.settings_values import SettingsValues
from crawler.context import CrawlContext
from crawler.fetching.network.bounds import FetchBounds
from crawler.frontier import select
from crawler.frontier.pending_bounds import PendingBounds
from crawler.ledger.fingerprints import listing_fingerprint, url_hash
from crawler.ledger.types import FetchRecord
from crawler.output.publishing.handler_outcome import HandlerOutcome, ListingCounts
from crawler.reasons import NotFetched
from crawler.types import LIST_ROLES, DiscoveredUrl, Role, Source
from crawler.util import DAY, count_noun, now

if TYPE_CHECKING:
    from crawler.spiders.components import CrawlComponents


logger = logging.getLogger("copydesk")

FULL = (
    "%s: %s left for a later run: the source has as many pending as COPYDESK_PENDING_MAX_URLS or "
    "COPYDESK_PENDING_MAX_BYTES allows"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRequests:
    """Selects the URLs of listings, and commits them to the ledger."""

    services: CrawlComponents
    values: SettingsValues
    bounds: FetchBounds
    productive: set[str]
    """Names of the sources that had an article."""
    pending: PendingBounds
    is_refresh: bool
    """True where every URL is fetched again."""
    wants: Callable[[DiscoveredUrl], bool]
    """The hook of the spider."""
    request: Callable[[CrawlContext], Request]
    """Makes the request of a context."""
    count: Callable[..., None]
    """Counts something in the statistics."""

    async def select(
        self, batch: list[DiscoveredUrl], context: CrawlContext, listing: FetchRecord, counts: ListingCounts
    ) -> list[Request]:
        """Requests for the URLs of one batch of a listing that are wanted and due.

        All wanted URLs are written to the ledger.
        """
        delivery, source = self.services.delivery, context.source.name
        chosen = select.select(
            batch,
            context,
            latest=now() + DAY,  # sites publish local dates
            max_length=self.bounds.max_url_length,
            max_depth=self.values.section_depth,
            known_urls=await self.services.known_urls(context.source.url),
            wants=self.wants,
        )
        self.count("discovery/future_date", chosen.future_dates)
        tally = self.services.report.tally
        for candidate in chosen.skipped:
            self.count("discovery/endless", candidate.skipped is NotFetched.TRAP)
            if candidate.skipped is not None and candidate.role not in LIST_ROLES:
                tally.count_skipped(source, candidate.url, candidate.skipped)
        is_all = self.is_refresh
        due = plainest_urls(chosen.wanted) if is_all else await delivery.ledger.select_due(chosen.wanted, now())
        ledger_urls = await delivery.ledger.lookup(candidate.url for candidate in chosen.wanted)
        new = {id(candidate) for candidate in chosen.wanted if candidate.url not in ledger_urls}
        wanted, due = await self._within_bounds(chosen.wanted, due, new, context, counts)
        await delivery.group.add(replace(listing, discovered=tuple(wanted), is_partial=True))
        counts.roles.update(candidate.role for candidate in batch)
        counts.hashes.update(url_hash(candidate.url) for candidate in chosen.wanted)
        requests = list(self._new_requests(due, context.source))
        sent = {request.cb_kwargs["context"].target.url for request in requests}
        pages = set(map(page_identity, sent))
        for candidate in wanted:
            if candidate.role not in LIST_ROLES and candidate.url not in sent:
                is_variant = id(candidate) in new or page_identity(candidate.url) in pages
                tally.count_skipped(source, candidate.url, NotFetched.VARIANT if is_variant else NotFetched.NOT_DUE)
        if source not in self.productive and await self._has_article_among(chosen.wanted):
            self.productive.add(source)
        return requests

    async def _has_article_among(self, candidates: list[DiscoveredUrl]) -> bool:
        """True when an earlier run found an article at one of the URLs, for any source."""
        return await self.services.delivery.ledger.has_article_among([candidate.url for candidate in candidates])

    async def _within_bounds(
        self,
        wanted: list[DiscoveredUrl],
        due: list[DiscoveredUrl],
        new: set[int],
        context: CrawlContext,
        counts: ListingCounts,
    ) -> tuple[list[DiscoveredUrl], list[DiscoveredUrl]]:
        """The wanted and the due URLs, without the new ones that exceed the source's limits of pending URLs."""
        source, ledger = context.source.name, self.services.delivery.ledger
        accepted, deferred = await self.pending.divide(ledger, source, wanted, new, context.target.url)
        if not deferred:
            return wanted, due
        counts.deferred += len(deferred)
        self.count("limit/pending_urls", len(deferred))
        for candidate in deferred:
            if candidate.role not in LIST_ROLES:
                self.services.report.tally.count_skipped(source, candidate.url, NotFetched.FULL)
        gone = {id(candidate) for candidate in deferred}
        return accepted, [candidate for candidate in due if id(candidate) not in gone]

    def _new_requests(self, due: list[DiscoveredUrl], source: Source) -> Iterator[Request]:
        """Requests for the due URLs that this run did not find before."""
        tally = self.services.report.tally
        for target in due:
            if target.role is Role.NEXT:
                tally.count_skipped(source.name, target.url, NotFetched.CONTINUATION)
            elif target.role is not Role.START and (
                target.role in LIST_ROLES or tally.count_found(source.name, target.url)
            ):
                yield self.request(CrawlContext(source=source, target=target))

    async def of_another_url(self, context: CrawlContext) -> tuple[Request, ...]:
        """The request for another URL of a page whose URL in the context gave no article; empty when there is none."""
        tally, delivery = self.services.report.tally, self.services.delivery
        if tally.has_variant(context.target.url):
            await delivery.group.flush()  # so that the ledger has all URLs of the listings
        other = await delivery.ledger.next_url(context.target.url)
        if other is None or not tally.count_found(context.source.name, other.url):
            return ()
        return (self.request(CrawlContext(source=context.source, target=other)),)

    async def finish(
        self, context: CrawlContext, outcome: HandlerOutcome, listing: FetchRecord, counts: ListingCounts
    ) -> None:
        """Commit the record of a listing after all its URLs were processed."""
        if context.role in LIST_ROLES:  # what it announces is known before its articles are published
            await self.services.delivery.group.flush()
        if counts.deferred:  # the next run must read it again, even when it is unchanged
            logger.warning(FULL, context.target.url, count_noun(counts.deferred, "URL"))
            listing = replace(listing, etag=None, last_modified=None)
        if not listing.is_partial:
            await self.services.delivery.group.add(replace(listing, fingerprint=listing_fingerprint(counts.hashes)))
        if context.role in LIST_ROLES:
            self.services.record_yield(context, is_productive=counts.roles[Role.ARTICLE] > 0)
        if outcome.empty_listing and not counts.roles:
            self.services.outcome.source_failed(context.source.name, outcome.empty_listing)


def plainest_urls(urls: Iterable[DiscoveredUrl]) -> list[DiscoveredUrl]:
    """One URL of each page, where all are fetched again."""
    chosen: dict[str, DiscoveredUrl] = {}
    for entry in urls:
        page = page_identity(entry.url)
        if page not in chosen or plainness(entry.url) < plainness(chosen[page].url):
            chosen[page] = entry
    return list(chosen.values())
