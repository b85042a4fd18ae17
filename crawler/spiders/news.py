"""The spider: from each source to its articles.

Each handler returns a :class:`HandlerOutcome`; only :meth:`NewsSpider.apply` carries it out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from cleaners.html.links import is_first_of, page_number
from cleaners.rejection import rejection as to_rejection
from cleaners.types import Article, PageRejected, PageResult, Reason, Rejection
from cleaners.urls.resolve import is_front_page
from crawler.config.arguments import Arguments
from crawler.config.replay import apply_replay_settings
from crawler.config.settings_values import SettingsValues, add_contact
from crawler.context import ArticleInProgress, CrawlContext
from crawler.fetching.browser.choice import Renderings
from crawler.fetching.exceptions import RequestDeferred, describe, fetch_rejection, request_of
from crawler.fetching.network.bounds import FetchBounds
from crawler.frontier import select
from crawler.frontier.admission import QUOTA_ROLES, Admission
from crawler.frontier.listings import sniff
from crawler.frontier.listings.types import DocumentKind, Listing
from crawler.frontier.pending_bounds import PendingBounds
from crawler.ledger.recrawl import NOT_MODIFIED
from crawler.output.feeds import storages
from crawler.output.publishing.handler_outcome import (
    MOVED_PERMANENTLY,
    PERMANENT_REDIRECTS,
    HandlerOutcome,
    ListingCounts,
    Received,
    barren_reason,
    conditional_headers,
    failure_record,
    followed_settlements,
    page_settlements,
    retry_reason,
    visit_record,
    with_http_scheme,
)
from crawler.output.publishing.registrar import ArticleRegistrar, Publisher
from crawler.output.publishing.revisions import is_same_article
from crawler.output.publishing.site_memories import SiteMemories
from crawler.output.publishing.waiting_urls import Waiter, WaitingUrls
from crawler.reasons import NotFetched, PendingReason, Scope, find_reason
from crawler.run_report.account import UrlOutcome
from crawler.spiders.hooks import SpiderHooks
from crawler.spiders.listing_requests import ListingRequests
from crawler.spiders.waiting_articles import WaitingArticles
from crawler.types import LINKED_ROLES, LIST_ROLES, MAYBE_ARTICLES, RENDER, DiscoveredUrl, Role, Source
from crawler.util import batches, now

if TYPE_CHECKING:
    from crawler.spiders.components import CrawlComponents


class NewsSpider(SpiderHooks):
    """Crawls news sites: ``scrapy crawl news -a site=URL[,URL…] -o articles.jsonl``."""

    name = "news"
    services: CrawlComponents
    publisher: Publisher
    held_articles: WaitingArticles
    values: SettingsValues
    renderings: Renderings
    bounds: FetchBounds
    listings: ListingRequests

    def __init__(self, **values: str) -> None:
        super().__init__()
        self.arguments = arguments = Arguments.of(self.with_defaults(values))
        self.plan = arguments.plan
        self.admission = Admission(arguments.max_articles, arguments.max_pages, self._exceeds_page_limit, self)
        self._productive: set[str] = set()
        """Names of the sources that had an article, in this run or an earlier one."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> Self:
        """Check the settings, route the outputs and add the contact before any component is built."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        apply_replay_settings(crawler.settings)
        spider.values = values = SettingsValues.of(crawler.settings)
        spider.renderings = Renderings.of(values, spider.plan.sources, crawler.settings)
        routed = storages.route_feeds(crawler.settings.getdict("FEEDS"), spider.arguments.rejections)
        crawler.settings.set("FEEDS", routed, priority="cmdline")
        crawler.signals.connect(spider.request_dropped, signals.request_dropped)
        spider.admission.quota.report_to(crawler.signals)
        add_contact(crawler.settings)
        return spider

    def closed(self, reason: str) -> None:
        """Close the account of the run; report each crawled source that never had an article as failed."""
        if not hasattr(self, "services"):  # the crawl ended before it began
            return
        quota, is_finished = self.admission.quota, reason == "finished"
        self.services.close_account(self.plan.sources, self._productive, quota, is_finished=is_finished)

    def count(self, name: str, by: int = 1) -> None:
        """Count something in the statistics, as ``…_count``."""
        self.crawler.stats.inc_value(f"{name}_count", by)

    # Requests

    async def start(self) -> AsyncIterator[Request]:
        """One request for each source, then those for the URLs that earlier runs left pending."""
        await self._open()
        delivery, everything = self.services.delivery, self.plan.is_refresh
        for source in self.plan.sources:
            await self.renderings.load(source, delivery.ledger)
            if await delivery.ledger.has_articles(source.name):
                self._productive.add(source.name)
            entry = (await delivery.ledger.lookup([source.url])).get(source.url)
            target = replace(entry or DiscoveredUrl(url=source.url, role=Role.START), url=source.url, role=Role.START)
            self.services.report.tally.count_found(source.name, source.url)
            yield self.request(CrawlContext(source=source, target=replace(target, depth=0)))
        for source in self.plan.sources:
            async for target in delivery.ledger.due_urls(source.name, now(), everything=everything):
                for request in self.admission.admit(self._due_requests(source, target)):
                    yield request

    async def _open(self, *, may_hold: bool = True) -> None:
        """Find the components of the crawl, and start the run in the ledger."""
        from crawler.spiders.components import CrawlComponents  # noqa: PLC0415  scrapy list needs no component of a crawl

        self.services = CrawlComponents.of(self.crawler)
        self.bounds = FetchBounds.from_crawler(self.crawler)
        memories = SiteMemories.of(self.values, self.services.delivery.ledger, may_hold=may_hold)
        self.waiting = WaitingUrls(may_hold=may_hold)
        self.held_articles = WaitingArticles(self.crawler, memories, self.waiting, self._publish_ready)
        self.publisher = Publisher(
            registrar=ArticleRegistrar(
                articles=self.services.delivery.articles,
                quota=self.admission.quota,
                is_refresh=self.plan.is_refresh,
                with_duplicates=self.values.duplicates != "drop",
                count=self.count,
            ),
            tally=self.services.report.tally,
            memories=memories,
            waiting=self.waiting,
            productive=self._productive,
        )
        self.listings = ListingRequests(
            services=self.services,
            values=self.values,
            bounds=self.bounds,
            pending=PendingBounds(self.values.pending_max_urls, self.values.pending_max_bytes),
            productive=self._productive,
            is_refresh=self.plan.is_refresh,
            wants=self.wants,
            request=self.request,
            count=self.count,
        )
        await self.services.delivery.start_run(is_refresh=self.plan.is_refresh)

    def _publish_ready(self, ready: ArticleInProgress | Waiter) -> AsyncIterator[object]:
        """Publish an article that waited: for the memory of its site, or for another page."""
        if isinstance(ready, ArticleInProgress):
            return self.apply(self.publisher.publish_held(ready), CrawlContext.of_article(ready))
        context = CrawlContext.of_article(ready.article)
        if context.role in QUOTA_ROLES:
            self.admission.quota.occupy(context.source)
        return self.apply(self.publisher.publish_waiting(ready), context)

    def _due_requests(self, source: Source, target: DiscoveredUrl) -> Iterator[Request]:
        """The request for a URL that an earlier run left pending, where the source still wants it."""
        if target.role in (Role.START, Role.NEXT):
            return
        tally = self.services.report.tally
        unwanted = select.unwanted(replace(target, lastmod=None), source, Role.SECTION)
        if unwanted or not self.wants(target):
            unwanted = unwanted or NotFetched.SPIDER
            tally.count_skipped(source.name, target.url, unwanted)
        elif target.role in LIST_ROLES or tally.count_found(source.name, target.url):
            yield self.request(CrawlContext(source=select.moved(source, target.url), target=target))

    def request(self, context: CrawlContext, url: str | None = None) -> Request:
        """A request for the target of a context, or for another URL in its place."""
        role = context.role
        is_conditional = not self.plan.is_refresh and role is not Role.NEXT
        return Request(
            url or context.target.url,
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"context": context},
            priority=context.priority,
            dont_filter=role in (Role.START, Role.NEXT) or context.plain is not None,
            headers=conditional_headers(context.target) if is_conditional and context.plain is None else {},
            meta={
                RENDER: context.plain is not None or self.renderings.renders_first(context, url or context.target.url),
                "handle_httpstatus_list": [NOT_MODIFIED],
                "download_maxsize": self.bounds.max_bytes(role),
            },
        )

    def _exceeds_page_limit(self, request: Request) -> None:
        self.count("quota/page_limit")
        self._settle(request.cb_kwargs["context"], UrlOutcome.PENDING, PendingReason.MAX_PAGES)

    def request_dropped(self, request: Request) -> None:
        """Record a request that the duplicate filter dropped: a redirect to a known page. Release its quota slot."""
        context = request.cb_kwargs.get("context")
        reasons = request.meta.get("redirect_reasons")
        if isinstance(context, CrawlContext):  # without reasons a redirect of another URL led there before
            if PERMANENT_REDIRECTS.issuperset(reasons or ()):
                self._settle(context, UrlOutcome.DUPLICATE)
                self.services.delivery.group.add_soon(visit_record(context, MOVED_PERMANENTLY))
            else:  # a wall, or maintenance: the URL stays due
                self._settle(context, UrlOutcome.PENDING, PendingReason.REDIRECT)
        self.admission.on_duplicate(request, self.crawler.engine.crawl)

    def _settle(self, context: CrawlContext, result: UrlOutcome, reason: str = "") -> None:
        for url in page_settlements(context.target, result, reason):
            self.services.report.tally.settle(context.source.name, url)
            self.waiting.settle(url.url, is_open=result is UrlOutcome.PENDING)

    # Callbacks

    def parse(self, response: Response, context: CrawlContext | None = None) -> AsyncIterator[object]:
        """Handle a response; one without a context, as of ``scrapy parse``, as a source's own page."""
        if context is None:
            return self._parse_alone(response)
        if context.role is Role.START:  # the source may have been redirected to another site
            context = replace(context, source=replace(context.source, url=response.url))
        return self.apply(self.handle(response, context), context, response)

    async def _parse_alone(self, response: Response) -> AsyncIterator[object]:
        """Handle a response of a crawl that was not started by :meth:`start`."""
        await self._open(may_hold=False)
        context = CrawlContext(source=Source(url=response.url), target=DiscoveredUrl(url=response.url, role=Role.START))
        async for result in self.apply(self.handle(response, context), context, response):
            yield result

    def failed(self, failure: Failure) -> AsyncIterator[object]:
        """Handle a request that failed."""
        context: CrawlContext = request_of(failure).cb_kwargs["context"]
        return self.apply(self.handle_failure(failure, context), context)

    async def apply(
        self, pending: Awaitable[HandlerOutcome | None], context: CrawlContext, response: Response | None = None
    ) -> AsyncIterator[object]:
        """Carry out the outcome of a handler: write its items, commit its records, send its requests."""
        source, services, report = context.source.name, self.services, self.services.report
        async with services.listing_turn(context.role):
            outcome = await pending
            if outcome is None:  # the crawl is ending
                return
            is_new = [report.tally.settle(source, url) for url in outcome.settled]
            for url in outcome.settled:
                reason = find_reason(url.reason)
                is_lost = Scope.FETCH in reason.scope and not reason.is_retryable
                self.waiting.settle(url.url, is_open=url.result is UrlOutcome.PENDING or not is_lost)
            is_repeated = bool(is_new) and not is_new[0]
            is_lost = is_repeated and page_number(context.target.url)[1] > 1  # published in the meantime
            services.archive_outcome(outcome, context, response, is_written=not is_lost)
            for item, record in outcome.items:
                if is_lost:
                    if record.article is not None:
                        services.delivery.articles.forget(record.article)
                    continue
                services.delivery.expect(item, record)
                report.count_item(source, item, () if is_repeated else outcome.settled[:1])
                yield item
            for record in outcome.records:
                await services.delivery.group.add(record)
            if outcome.source_failure is not None:
                services.outcome.source_failed(source, outcome.source_failure)
            if outcome.is_productive is not None and context.role not in LIST_ROLES:
                services.record_yield(context, is_productive=outcome.is_productive)
            if outcome.listing is not None:
                counts = ListingCounts()
                for batch in batches(outcome.links):
                    for request in self.admission.admit(
                        await self.listings.select(batch, context, outcome.listing, counts)
                    ):
                        yield request
                await self.listings.finish(context, outcome, outcome.listing, counts)
            for request in () if outcome.is_held else self._admitted(outcome.requests, context):
                yield request
            if context.role in MAYBE_ARTICLES and any(url.result is UrlOutcome.REJECTED for url in outcome.settled):
                for request in self.admission.admit(await self.listings.of_another_url(context)):
                    yield request
        async for result in self.held_articles.publish_ready():
            yield result

    def _admitted(self, requests: tuple[Request, ...], context: CrawlContext) -> Iterator[Request]:
        """The requests of an outcome that may be sent; an article without a further page releases its quota slot."""
        yield from self.admission.admit(requests)
        sent = [request.cb_kwargs["context"] for request in requests]
        has_next = any(sent_context.role is Role.NEXT or sent_context.plain is not None for sent_context in sent)
        if context.role in QUOTA_ROLES and not has_next:
            yield from self.admission.release(context.source)

    # Handlers

    async def handle(self, response: Response, context: CrawlContext) -> HandlerOutcome:
        """Handle a response as a page, feed or sitemap, by its content."""
        received = Received.of(response, context)
        if response.status == NOT_MODIFIED and context.article is None:
            return self._not_modified(received, context)
        is_further = page_number(context.target.url)[1] > 1 and context.role in MAYBE_ARTICLES
        if is_further and self.services.report.tally.is_settled(context.target.url):  # its first page led to it
            return HandlerOutcome()
        rejected = listing = None
        try:
            kind, data = sniff.read_document(response)
            if kind is not DocumentKind.PAGE:
                listing = await self.services.workers.read_listing(kind, data, response.url)
        except PageRejected as error:
            rejected = to_rejection(error, received.page)
        if context.article is not None and (rejected or listing is not None):  # publish the earlier pages
            return await self.publisher.publish(context.article.without_next_page(retry_reason(rejected)))
        if rejected:
            return self._reject(context, rejected, received)
        if listing is not None:
            return self._follow_listing(listing, kind, context, received)
        if context.role in LIST_ROLES:
            self.count(f"discovery/not_a_{context.role}")
            self.services.report.count_listing(context.source.name, f"not_a_{context.role}")
            return HandlerOutcome(records=(received.record,))
        return await self._handle_page(received, context)

    def _not_modified(self, received: Received, context: CrawlContext) -> HandlerOutcome:
        if context.role in LIST_ROLES:
            self.services.report.count_listing(context.source.name, "not_modified")
        return received.not_modified(context)

    def _follow_listing(
        self, listing: Listing, kind: DocumentKind, context: CrawlContext, received: Received
    ) -> HandlerOutcome:
        self.count("discovery/listing_cut", listing.is_cut)
        self.count("limit/sitemap_depth", select.is_too_deep(listing, context))
        self.services.report.count_listing(context.source.name, "read")
        return HandlerOutcome(
            settled=followed_settlements(context),
            links=select.listed_urls(listing, context),
            listing=received.record,
            empty_listing=f"this {kind} lists no page of the site" if context.role is Role.START else "",
        )

    async def _handle_page(self, received: Received, context: CrawlContext) -> HandlerOutcome:
        """Clean a page; publish its article, or follow its links. Its content decides, not its role."""
        page = await self.services.workers.process_page(received.page, with_links=context.role in LINKED_ROLES)
        page, context = self.renderings.choose(page, context, received.response)
        if context.plain is not None:
            return HandlerOutcome(requests=(self.request(context),))
        return await self._decide(page, context, received)

    async def _decide(self, page: PageResult, context: CrawlContext, received: Received) -> HandlerOutcome:
        received = received.after_rendering(context)
        result, is_linked = page.result, context.role in LINKED_ROLES
        is_front = is_linked and is_front_page(received.page.url)
        if isinstance(result, Article) and not is_front:
            outcome = await self._keep_article(result, page, context, received)
            may_list = bool(page.links) and not page.is_declared and context.role not in (Role.START, Role.NEXT)
            if not may_list:
                return outcome
            listing = received.partial_record  # its links are followed, too: it may be both
            return replace(outcome, links=self._links(page, context), listing=listing)
        if context.article is not None:
            if isinstance(result, Rejection) and result.reason == Reason.UNSURE:
                return self.publisher.reject(context.article, result)
            return await self.publisher.publish(context.article.without_next_page(retry_reason(result)))
        if isinstance(result, Article) or result.reason in (Reason.LISTING, Reason.NO_TEXT, Reason.SCRIPTED):
            return self._follow_page(page, context, received, is_front=is_front)
        return self._reject(context, result, received)

    def _links(self, page: PageResult, context: CrawlContext) -> list[DiscoveredUrl]:
        beyond = context.target.depth - self.values.section_depth
        self.count("limit/section_depth", beyond >= 0)
        return list(select.of_page(page.links, context.source, beyond=beyond))

    def _follow_page(
        self, page: PageResult, context: CrawlContext, received: Received, *, is_front: bool
    ) -> HandlerOutcome:
        """Follow the links of a page that is not an article."""
        result, links = page.result, self._links(page, context)
        if is_front:  # feeds come first: they say who wrote the articles, and when
            url = received.page.url
            links = [*select.standard_listings(url, page.feeds, self.services.sitemaps(url)), *links]
        is_barren = all(link.skipped or link.role in LIST_ROLES for link in links)
        is_near = 0 < context.target.depth <= self.values.section_depth
        is_section = context.role is Role.PAGE and is_near and not is_barren
        record = received.followed(result)
        self.services.report.count_followed(context.source.name, record.page_class)
        outcome = HandlerOutcome(
            links=links,
            listing=replace(record, role=Role.SECTION if is_section else context.role),
            settled=followed_settlements(context),
            source_failure=barren_reason(result) if context.role is Role.START and is_barren else None,
        )
        if context.role is Role.ARTICLE and isinstance(result, Rejection):
            rejected = self._reject(context, result, received)
            return replace(outcome, items=rejected.items, settled=rejected.settled, is_productive=False)
        has_articles = any(link.role is Role.ARTICLE for link in links)
        return outcome if has_articles else replace(outcome, is_productive=False)

    def _reject(self, context: CrawlContext, rejection: Rejection, received: Received) -> HandlerOutcome:
        """The outcome of a rejected page; the source fails when it is the source's own page."""
        failure = f"{rejection.reason}: {rejection.detail}" if context.role is Role.START else None
        record = replace(received.record, retry_reason=retry_reason(rejection))
        if context.role in LIST_ROLES:
            self.services.report.count_listing(context.source.name, rejection.reason)
        return HandlerOutcome(
            items=((rejection, record),),
            settled=page_settlements(context.target, UrlOutcome.REJECTED, rejection.reason),
            source_failure=failure,
            is_productive=False,
        )

    async def _keep_article(
        self, article: Article, page: PageResult, context: CrawlContext, received: Received
    ) -> HandlerOutcome:
        """Publish an article after its last page was read; until then request the next page."""
        earlier = context.article
        if earlier is None:
            try:
                article = await self.services.with_rights(article, received.response, page, context.target.announced)
                article = self.apply_hooks(article, received.response)
            except PageRejected as error:
                rejected = replace(to_rejection(error, received.page), url=article.url, fetched_at=article.fetched_at)
                return self._reject(context, rejected, received)
        elif not is_same_article(earlier.pages[0], article):
            return await self._publish_apart(article, earlier, received)
        is_first = page_number(article.url)[1] == 1 or is_first_of(article.url, page.next_page or "")
        is_started = earlier is not None or is_first
        pending = (earlier or received.begin_article(context, page)).joined(article, page.observed)
        if page.single_page and earlier is None:
            return HandlerOutcome(requests=(self._next_request(pending.single_page, page.single_page),))
        next_page = page.next_page if is_started and not pending.is_single else None
        is_onward = next_page is not None and next_page not in {read.url for read in pending.pages}
        if next_page and is_onward and len(pending.pages) < self.values.article_max_pages:
            return HandlerOutcome(requests=(self._next_request(pending, next_page),))
        self.count("limit/article_pages", is_onward)
        return self._waiting(page, pending) or await self.publisher.publish(pending)

    def _next_request(self, article: ArticleInProgress, url: str) -> Request:
        return self.request(CrawlContext.of_next_page(article), url)

    def _waiting(self, page: PageResult, pending: ArticleInProgress) -> HandlerOutcome | None:
        """The outcome of an article that waits for another page, which is fetched; None for one that does not wait."""
        first = page.first_page if len(pending.pages) == 1 else None
        awaited = self.publisher.wait_for_page(pending, first)
        if awaited is None:
            return None
        source = pending.source
        is_wanted = select.unwanted(awaited, source, Role.SECTION) is None and self.wants(awaited)
        tally = self.services.report.tally
        if not is_wanted or tally.is_found(awaited.url) or not tally.count_found(source.name, awaited.url):
            return HandlerOutcome()
        return HandlerOutcome(requests=(self.request(CrawlContext(source=source, target=awaited)),))

    async def _publish_apart(self, other: Article, article: ArticleInProgress, received: Received) -> HandlerOutcome:
        """Publish an article whose next page is a different article, which is then fetched on its own."""
        published = await self.publisher.publish(article)
        links = (DiscoveredUrl(url=other.url, role=Role.ARTICLE),)
        return replace(published, links=links, listing=received.partial_record)

    async def handle_failure(self, failure: Failure, context: CrawlContext) -> HandlerOutcome | None:
        """Handle a page that could not be fetched.

        The failure of a source's own page fails the source; that of an article is a rejection.
        """
        request, error, role = request_of(failure), failure.value, context.role
        is_deferred = isinstance(error, RequestDeferred)
        reason, detail = describe(error)
        if reason == PendingReason.ENDING:
            return None
        record = failure_record(context, error, reason)
        is_gone = record.status is not None and not find_reason(reason).is_retryable
        settled = page_settlements(context.target, UrlOutcome.PENDING if is_deferred else UrlOutcome.REJECTED, reason)
        outcome = HandlerOutcome(is_productive=False if is_gone else None, settled=settled)
        page, is_walled = context.plain, reason == Reason.WALLED
        if page is not None and (isinstance(page.result, Article) or not is_walled):  # it is used as it was fetched
            received = Received.of(context.plain_response, context)
            return await self._decide(page, context.rendered(helped=False), received)
        if role is Role.START:
            is_silent = record.status is None and not is_walled
            is_bare = context.source.is_bare and request.url.startswith("https:") and is_silent
            over = HandlerOutcome(requests=(self.request(with_http_scheme(context)),)) if is_bare else None
            return over or replace(outcome, source_failure=detail)
        if context.article is not None:
            return await self.publisher.publish(context.article.without_next_page(record.retry_reason))
        if is_deferred:
            return outcome
        if role in MAYBE_ARTICLES:
            return replace(outcome, items=((fetch_rejection(context.target.url, request.url, reason, detail), record),))
        if role in LIST_ROLES:
            self.services.report.count_listing(context.source.name, reason)
        return replace(outcome, records=(record,))
