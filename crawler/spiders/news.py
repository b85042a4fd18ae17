"""The spider: from each source to its articles.

Each handler returns an :class:`~crawler.crawl.outcomes.Outcome`; only :meth:`NewsSpider.apply` carries it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from cleaners.html.links import page_number
from cleaners.rejection import rejection as to_rejection
from cleaners.types import Article, PageRejected, PageResult, Reason, Rejection
from cleaners.urls.resolve import is_front_page
from crawler.config.arguments import Arguments
from crawler.config.settings_values import SettingsValues, add_contact, adopt_old_names
from crawler.crawl.outcomes import (
    Outcome,
    barren_reason,
    conditional_headers,
    failure_record,
    fetch_record,
    retry_reason,
    without_next_page,
)
from crawler.crawl.publish import Publisher
from crawler.crawl.revisions import is_same_story
from crawler.crawl.services import Services
from crawler.discovery import select
from crawler.ledger.fingerprints import listing_fingerprint, url_hash
from crawler.ledger.recrawl import NOT_MODIFIED
from crawler.ledger.types import FetchRecord
from crawler.listings import sniff
from crawler.listings.types import DocumentKind, Listing
from crawler.network.bounds import FetchBounds
from crawler.network.exceptions import RequestDeferred
from crawler.network.failure_reasons import FetchReason, describe, fetch_rejection, is_retryable_reason
from crawler.network.pages import to_page
from crawler.output import storages
from crawler.scheduling.admission import COUNTED, Admission
from crawler.scheduling.context import PRIORITY, CrawlContext
from crawler.types import LIST_ROLES, DiscoveredUrl, Role
from crawler.util.batches import batches

SECTION_ROLES = (Role.START, Role.SECTION)
"""Roles of pages whose links are followed."""


@dataclass(slots=True)
class ListingTally:
    """Counts over the batches of one listing so far."""

    hashes: set[bytes] = field(default_factory=set)
    """Hashes of the URLs that are wanted."""
    roles: Counter[Role] = field(default_factory=Counter)
    """Number of URLs by role, wanted or not."""


class NewsSpider(Spider):
    """Crawls news sites: ``scrapy crawl news -a site=URL[,URL…] -o articles.jsonl``."""

    name = "news"
    services: Services
    publisher: Publisher
    values: SettingsValues
    bounds: FetchBounds

    def __init__(self, **values: str) -> None:
        super().__init__()
        self.arguments = Arguments.of({**values})
        self.is_demo, self.credentials = self.arguments.is_demo, self.arguments.credentials
        self.admission = Admission(
            self.arguments.max_articles, self.arguments.max_pages, lambda: self.count("quota/page_limit"), self
        )
        self._productive: set[str] = set()
        """Names of the sources that had an article, in this run or an earlier one."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Read settings by their old names, too."""
        super().update_settings(settings)
        adopt_old_names(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Check the settings, route the outputs and add the contact before any component is built."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.values = SettingsValues.of(crawler.settings)
        routed = storages.route_feeds(crawler.settings.getdict("FEEDS"), spider.arguments.rejections)
        crawler.settings.set("FEEDS", routed, priority="cmdline")
        crawler.signals.connect(spider.request_dropped, signals.request_dropped)
        add_contact(crawler.settings)
        return spider

    def closed(self, reason: str) -> None:
        """Report each source as failed that was crawled completely and never had an article."""
        if reason != "finished" or self.admission.quota.is_full:
            return
        outcome = self.services.outcome
        for source in self.arguments.sources:
            if source.name not in self._productive and source.name not in outcome.failed_sources:
                outcome.source_failed(source.name, "no article was found")

    def count(self, name: str, by: int = 1) -> None:
        """Count something in the statistics, as ``…_count``."""
        self.crawler.stats.inc_value(f"{name}_count", by)

    # Requests

    async def start(self) -> AsyncIterator[Request]:
        """One request for each source, then those for the URLs that earlier runs left pending."""
        self.services = Services.of(self.crawler)
        self.bounds = FetchBounds.from_crawler(self.crawler)
        self.publisher = Publisher(
            services=self.services,
            quota=self.admission.quota,
            is_refresh=self.arguments.is_refresh,
            with_duplicates=self.values.duplicates != "drop",
            productive=self._productive,
            count=self.count,
        )
        delivery, everything = self.services.delivery, self.arguments.is_refresh
        await delivery.start_run(is_refresh=everything)
        for source in self.arguments.sources:
            if await delivery.ledger.has_articles(source.name):
                self._productive.add(source.name)
            known = (await delivery.ledger.lookup([source.url])).get(source.url)
            target = replace(known or DiscoveredUrl(url=source.url, role=Role.START), url=source.url, role=Role.START)
            yield self.request(CrawlContext(source=source, target=replace(target, depth=0)))
        for source in self.arguments.sources:
            async for target in delivery.due_urls(source.name, everything=everything):
                is_wanted = select.is_wanted(replace(target, lastmod=None), source, Role.SECTION)
                if is_wanted and target.role is not Role.START:
                    context = CrawlContext(source=select.moved(source, target.url), target=target)
                    for request in self.admission.admit([self.request(context)]):
                        yield request

    def request(self, context: CrawlContext, url: str | None = None) -> Request:
        """A request for the target of a context, or for another URL in its place."""
        role = context.role
        is_conditional = not self.arguments.is_refresh and role is not Role.NEXT
        return Request(
            url or context.target.url,
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"context": context},
            priority=PRIORITY[role],
            dont_filter=role in (Role.START, Role.NEXT),
            headers=conditional_headers(context.target) if is_conditional else {},
            meta={
                "handle_httpstatus_list": [NOT_MODIFIED],
                "download_maxsize": self.bounds.max_bytes(role),
            },
        )

    def request_dropped(self, request: Request) -> None:
        """Release the quota slot of a request that the duplicate filter dropped."""
        self.admission.on_duplicate(request, self.crawler.engine.crawl)

    # Callbacks

    def parse(self, response: Response, context: CrawlContext) -> AsyncIterator[Any]:
        """Handle a response."""
        if context.role is Role.START:  # the source may have been redirected to another site
            context = replace(context, source=replace(context.source, url=response.url))
        return self.apply(self.handle(response, context), context)

    def failed(self, failure: Failure) -> AsyncIterator[Any]:
        """Handle a request that failed."""
        context: CrawlContext = failure.request.cb_kwargs["context"]  # type: ignore[attr-defined]
        return self.apply(self.handle_failure(failure, context), context)

    async def apply(self, pending: Awaitable[Outcome | None], context: CrawlContext) -> AsyncIterator[Any]:
        """Carry out the outcome of a handler: write its items, commit its records, send its requests."""
        source, services = context.source.name, self.services
        async with services.turn(context.role):
            outcome = await pending
            if outcome is None:  # the crawl is ending
                return
            for item, record in outcome.items:
                if record is not None:
                    services.delivery.expect(item, record)
                services.report.item(source, item)
                yield item
            for record in outcome.records:
                await services.delivery.note(record)
            if outcome.source_failure is not None:
                services.outcome.source_failed(source, outcome.source_failure)
            if outcome.is_productive is not None and context.role not in LIST_ROLES:
                services.record_yield(context, is_productive=outcome.is_productive)
            if outcome.listing is not None:
                tally = ListingTally()
                for some in batches(outcome.links):
                    for request in self.admission.admit(await self._select(some, context, outcome.listing, tally)):
                        yield request
                await self._finish_listing(context, outcome, outcome.listing, tally)
            for request in self._admitted(outcome.requests, context):
                yield request

    def _admitted(self, requests: tuple[Request, ...], context: CrawlContext) -> Iterator[Request]:
        """The requests of an outcome that may be sent; an article without a further page releases its quota slot."""
        yield from self.admission.admit(requests)
        has_next = any(request.cb_kwargs["context"].role is Role.NEXT for request in requests)
        if context.role in COUNTED and not has_next:
            yield from self.admission.release(context.source)

    # Listings

    async def _select(
        self, some: list[DiscoveredUrl], context: CrawlContext, listing: FetchRecord, tally: ListingTally
    ) -> list[Request]:
        """Requests for the URLs of one batch of a listing that are wanted and due.

        All wanted URLs are written to the ledger.
        """
        delivery, source = self.services.delivery, context.source.name
        chosen = select.select(some, context, delivery.latest_date(), self.bounds.max_url_length)
        self.count("discovery/future_date", chosen.future_dates)
        self.count("discovery/endless", chosen.traps)
        self.services.report.count(source, "found", len(chosen.wanted))
        due = await delivery.select_due(chosen.wanted, everything=self.arguments.is_refresh)
        await delivery.note(replace(listing, discovered=tuple(chosen.wanted), is_partial=True))
        if _articles(chosen.wanted) > _articles(due):
            self._productive.add(source)
        tally.roles.update(one.role for one in some)
        tally.hashes.update(url_hash(one.url) for one in chosen.wanted)
        return [
            self.request(CrawlContext(source=context.source, target=target))
            for target in due
            if target.role is not Role.START
        ]

    async def _finish_listing(
        self, context: CrawlContext, outcome: Outcome, listing: FetchRecord, tally: ListingTally
    ) -> None:
        """Commit the record of a listing after all its URLs were processed."""
        await self.services.delivery.note(replace(listing, fingerprint=listing_fingerprint(tally.hashes)))
        if context.role in LIST_ROLES:
            self.services.record_yield(context, is_productive=tally.roles[Role.ARTICLE] > 0)
        if outcome.empty_listing and not tally.roles:
            self.services.outcome.source_failed(context.source.name, outcome.empty_listing)

    # Handlers

    async def handle(self, response: Response, context: CrawlContext) -> Outcome:
        """Handle a response as a page, feed or sitemap, by its content."""
        if response.status == NOT_MODIFIED and not context.pages:
            is_article = context.role is Role.ARTICLE
            return Outcome(records=(fetch_record(context, response),), is_productive=True if is_article else None)
        rejected = listing = None
        try:
            data = sniff.file_content(response)
            kind = sniff.document_kind(data)
            if kind is not DocumentKind.PAGE:
                listing = await self.services.workers.read_listing(kind, data, response.url)
        except PageRejected as error:
            rejected = to_rejection(error, to_page(response))
        if context.pages and (rejected or listing is not None):  # publish the earlier pages
            return await self.publisher.publish(context.pages, without_next_page(context, retry_reason(rejected)))
        if rejected:
            return self._reject(context, rejected, response)
        if listing is not None:
            return self._follow_listing(listing, kind, context, response)
        if context.role in LIST_ROLES:
            self.count(f"discovery/not_a_{context.role}")
            return Outcome(records=(fetch_record(context, response),))
        return await self._handle_page(response, context)

    def _follow_listing(
        self, listing: Listing, kind: DocumentKind, context: CrawlContext, response: Response
    ) -> Outcome:
        self.count("discovery/listing_cut", listing.is_cut)
        self.count("limit/sitemap_depth", select.is_too_deep(listing, context))
        return Outcome(
            links=select.listed_urls(listing, context),
            listing=fetch_record(context, response),
            empty_listing=f"this {kind} lists no page of the site" if context.role is Role.START else "",
        )

    async def _handle_page(self, response: Response, context: CrawlContext) -> Outcome:
        """Clean a page; publish its article, or follow its links."""
        is_section = context.role in SECTION_ROLES
        page = await self.services.workers.process_page(to_page(response), with_links=is_section)
        result = page.result
        is_front = is_section and is_front_page(response.url)
        is_wanted = not is_front and (context.role is not Role.SECTION or page.is_declared)
        if isinstance(result, Article) and is_wanted:
            return await self._keep_article(result, page, context, response)
        if context.pages:
            return await self.publisher.publish(context.pages, without_next_page(context, retry_reason(result)))
        if (
            isinstance(result, Article)
            or result.reason == Reason.LISTING
            or (is_section and result.reason == Reason.NO_TEXT)
        ):
            return self._follow_page(page, context, response, is_front=is_front)
        return self._reject(context, result, response)

    def _follow_page(self, page: PageResult, context: CrawlContext, response: Response, *, is_front: bool) -> Outcome:
        """Follow the links of a page that is not an article, or is not taken for one in its role."""
        result = page.result
        is_shallow = context.target.depth < self.values.section_depth
        self.count("limit/section_depth", not is_shallow)
        found = list(select.of_page(page.links, context.source, with_sections=is_shallow))
        if is_front:
            found += select.standard_listings(response.url, page.feeds, self.services.sitemaps(response.url))
        is_barren = not any(one.role in (Role.ARTICLE, Role.SECTION) for one in found)
        outcome = Outcome(
            links=found,
            listing=fetch_record(context, response),
            source_failure=barren_reason(result) if context.role is Role.START and is_barren else None,
        )
        if context.role is Role.ARTICLE and isinstance(result, Rejection):
            rejected = self._reject(context, result, response)
            return replace(outcome, items=rejected.items, is_productive=False)
        return outcome if _articles(found) else replace(outcome, is_productive=False)

    def _reject(self, context: CrawlContext, rejection: Rejection, response: Response) -> Outcome:
        """The outcome of a rejected page; the source fails when it is the source's own page."""
        failure = f"{rejection.reason}: {rejection.detail}" if context.role is Role.START else None
        record = fetch_record(context, response, retry_reason=retry_reason(rejection))
        return Outcome(items=((rejection, record),), source_failure=failure, is_productive=False)

    async def _keep_article(
        self, article: Article, page: PageResult, context: CrawlContext, response: Response
    ) -> Outcome:
        """Publish an article after its last page was read; until then request the next page."""
        if not context.pages:
            context = replace(context, first_fetch=fetch_record(context, response, role=Role.ARTICLE))
            checked = self.services.with_rights(article, response, page)
            if isinstance(checked, Rejection):
                return self._reject(context, checked, response)
            article = checked
        pages, before = context.pages, Outcome()
        if pages and not is_same_story(pages[0], article):  # the link led to another story
            before, pages = await self.publisher.publish(pages, context), ()
        is_started = bool(pages) or page_number(article.url)[1] == 1
        pages = (*pages, article)
        next_page = page.next_page if is_started else None
        is_onward = next_page is not None and next_page not in {one.url for one in pages}
        if next_page and is_onward and len(pages) < self.values.article_max_pages:
            return replace(before, requests=(self.request(context.next_page(pages), next_page),))
        self.count("limit/article_pages", is_onward)
        last = await self.publisher.publish(pages, context)
        return replace(last, items=(*before.items, *last.items), records=(*before.records, *last.records))

    async def handle_failure(self, failure: Failure, context: CrawlContext) -> Outcome | None:
        """Handle a page that could not be fetched.

        The failure of a source's own page fails the source; that of an article is a rejection.
        """
        request: Request = failure.request  # type: ignore[attr-defined]
        error, role = failure.value, context.role
        is_deferred = isinstance(error, RequestDeferred)
        reason, detail = describe(error)
        if reason == FetchReason.ENDING:
            return None
        record = failure_record(context, error, reason)
        is_gone = record.status is not None and not is_retryable_reason(reason)
        outcome = Outcome(is_productive=False if is_gone else None)
        if role is Role.START:
            is_bare = context.source.is_bare and request.url.startswith("https:") and record.status is None
            return self._over_http(request, context) if is_bare else replace(outcome, source_failure=detail)
        if context.pages:
            missing = without_next_page(context, record.retry_reason)
            return await self.publisher.publish(context.pages, missing)
        if is_deferred:
            return outcome
        if role is Role.ARTICLE:
            rejected = fetch_rejection(context.target.url, request.url, reason, detail)
            return replace(outcome, items=((rejected, record),))
        return replace(outcome, records=(record,))

    def _over_http(self, request: Request, context: CrawlContext) -> Outcome:
        """Request a source over http, where the user named a domain without a scheme."""
        url = request.url.replace("https:", "http:", 1)
        source = replace(context.source, is_bare=False)
        target = DiscoveredUrl(url=url, role=Role.START)  # without the validators of another URL
        return Outcome(requests=(self.request(replace(context, source=source, target=target)),))


def _articles(found: list[DiscoveredUrl]) -> int:
    return sum(one.role is Role.ARTICLE for one in found)
