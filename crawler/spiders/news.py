"""The spider: from each source to its articles. What a response is decides what is done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from cleaners.html.links import page_number
from cleaners.types import Article, PageRejected, Rejection
from cleaners.urls.resolve import is_front_page
from crawler.config import settings_values
from crawler.config.arguments import Arguments
from crawler.crawl.outcomes import PASSING, barren, conditions, passing, unanswered, visited, without_page
from crawler.crawl.publish import Publisher
from crawler.crawl.revisions import is_same_story
from crawler.crawl.services import Services
from crawler.discovery import select
from crawler.ledger.fingerprints import mark, of_list
from crawler.ledger.recrawl import NOT_MODIFIED
from crawler.ledger.types import DiscoveredUrl, Known
from crawler.listings import sniff
from crawler.network.exceptions import RequestDeferred
from crawler.network.failure_reasons import failed_page, reason
from crawler.network.pages import page
from crawler.output import storages
from crawler.scheduling.admission import Admission
from crawler.scheduling.context import LISTS, PRIORITY, CrawlContext, bounds
from crawler.util.batches import batches

LISTINGS = ("start", "section")


class NewsSpider(Spider):
    """Crawls news sites: ``scrapy crawl news -a site=URL[,URL…] -o articles.jsonl``."""

    name = "news"
    parts: Services
    giving: Publisher

    def __init__(self, **given: str) -> None:
        super().__init__()
        self.asked = Arguments.of({**given})
        self.is_demo, self.logins = self.asked.is_demo, self.asked.logins
        self.admission = Admission(
            self.asked.max_articles, self.asked.max_pages, lambda: self.count("quota/page_limit"), self
        )
        self._alive: set[str] = set()  # sources at which an article was met, in this run or an earlier one

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Route the output and name the contact before any component is built."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        routed = storages.route(crawler.settings.getdict("FEEDS"), spider.asked.rejections)
        crawler.settings.set("FEEDS", routed, priority="cmdline")
        crawler.signals.connect(spider.dropped, signals.request_dropped)
        settings_values.introduce(crawler.settings)
        return spider

    def closed(self, reason: str) -> None:
        """A source that was read to its end and never gave anything has failed, whatever its server said."""
        is_whole = reason == "finished" and not self.admission.quota.is_full
        for source in self.asked.sources if is_whole else ():
            if source.name not in self._alive and source.name not in self.parts.outcome.failed_sources:
                self.parts.outcome.source_failed(source.name, "no article was found")

    def count(self, name: str, by: int = 1) -> None:
        """Count something that users may want to know of."""
        self.crawler.stats.inc_value(f"{name}_count", by)

    async def start(self) -> AsyncIterator[Request]:
        """One request a source, then what earlier runs left to do."""
        self.parts = Services.of(self.crawler)
        self.giving = Publisher(
            components=self.parts,
            quota=self.admission.quota,
            is_refresh=self.asked.is_refresh,
            with_duplicates=self.settings["DUPLICATES"] != "drop",
            alive=self._alive,
            count=self.count,
        )
        delivery = self.parts.delivery
        await delivery.begin(is_refresh=self.asked.is_refresh)
        for source in self.asked.sources:
            if (await delivery.ledger.counts(source.name))[1]:
                self._alive.add(source.name)
            known = await delivery.ledger.known([source.url])
            yield self.request(source.url, CrawlContext(source=source, role="start"), known.get(source.url))
        for source in self.asked.sources:
            async for known_one in delivery.due(source.name, everything=self.asked.is_refresh):
                visit = CrawlContext(
                    source=select.moved(source, known_one.url), role=known_one.role, depth=known_one.depth
                )
                is_wanted = select.is_wanted(DiscoveredUrl(url=known_one.url, role=known_one.role), source, "section")
                if is_wanted and known_one.role != "start":
                    for request in self.admission.admit([self.request(known_one.url, visit, known_one)]):
                        yield request

    def request(self, url: str, visit: CrawlContext, known: Known | None = None) -> Request:
        """A request for a page, with what is known of it."""
        visit = visit if visit.role == "next" else replace(visit, asked=url)
        return Request(
            url,
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"visit": visit},
            priority=PRIORITY[visit.role],
            dont_filter=visit.role in ("start", "next"),
            headers=conditions(None if self.asked.is_refresh else known),
            meta={"handle_httpstatus_list": [NOT_MODIFIED], **bounds(visit.role, self.settings)},
        )

    async def parse(self, response: Response, visit: CrawlContext) -> AsyncIterator[Any]:
        """What a response gives; requests for articles only as far as articles are still wanted."""
        async with self.parts.turn(visit.role):
            async for result in self.admitted(self.answered(response, visit), visit):
                yield result

    async def admitted(self, results: AsyncIterator[Any], visit: CrawlContext) -> AsyncIterator[Any]:
        """Pass results on, requests through the quota, and tell it when an article's last page is read."""
        is_open = visit.role in ("article", "next")
        async for result in results:
            if not isinstance(result, Request):
                if isinstance(result, Article | Rejection):
                    self.parts.report.item(visit.source.name, result)
                yield result
                continue
            is_open = is_open and result.cb_kwargs["visit"].role != "next"
            for request in self.admission.admit([result]):
                yield request
        for request in self.admission.done(visit.source) if is_open else ():
            yield request

    def dropped(self, request: Request) -> None:
        """A request that the duplicate filter dropped leaves its place to another."""
        self.admission.dropped(request, self.crawler.engine.crawl)

    async def answered(self, response: Response, visit: CrawlContext) -> AsyncIterator[Any]:
        """Do what the response asks for: follow a feed, a sitemap or a listing, or keep an article."""
        if response.status == NOT_MODIFIED and not visit.parts:
            if visit.role == "article":
                self.parts.gave(visit, response.url, article=True)
            await self.parts.delivery.note(visited(visit, response))
            return
        if visit.role == "start":  # a redirect leads to another site
            visit = replace(visit, source=replace(visit.source, url=response.url))
        rejection = listing = None
        try:
            data = sniff.body(response)
            kind = sniff.kind(data)
            listing = await self.parts.listing(kind, data, response.url) if kind != "page" else None
        except PageRejected as refused:
            rejection = refused.rejection(page(response))
        if visit.parts and (rejection or listing is not None):  # what was read of the article stands without this page
            async for item in self.giving.given(visit.parts, without_page(visit, passing(rejection))):
                yield item
        elif rejection:
            yield self.refused(visit, rejection, response)
        elif listing is not None:
            empty = f"this {kind} lists no page of the site" if visit.role == "start" else ""
            self.count("discovery/listing_cut", listing.is_cut)
            self.count("limit/sitemap_depth", select.is_too_deep(listing, visit))
            async for request in self.expanded(select.listed(listing, visit), visit, response, empty=empty):
                yield request
        elif visit.role in LISTS:
            self.count(f"discovery/not_a_{visit.role}")
            await self.parts.delivery.note(visited(visit, response))
        else:
            async for result in self.read(response, visit):
                yield result

    async def expanded(
        self, found: Iterable[DiscoveredUrl], visit: CrawlContext, response: Response, *, empty: str = ""
    ) -> AsyncIterator[Request]:
        """Requests for what a listing lists and is not known, some at a time; the ledger keeps the rest of it.

        ``empty`` is the source's failure when nothing is listed.
        """
        delivery, listing, marks, roles = self.parts.delivery, visited(visit, response), set[bytes](), Counter[str]()
        for some in batches(found):
            chosen = select.wanted(some, visit, delivery.latest(), self.settings.getint("URL_MAX_LENGTH"))
            self.count("discovery/future_date", chosen.unbelieved)
            self.count("discovery/endless", chosen.endless)
            wanted = chosen.found
            self.parts.report.count(visit.source.name, "found", len(wanted))
            fresh = await delivery.fresh(wanted, everything=self.asked.is_refresh)
            await delivery.note(replace(listing, found=tuple(wanted), is_part=True))
            if sum(one.role == "article" for one in wanted) > sum(one.role == "article" for one in fresh):
                self._alive.add(visit.source.name)
            roles.update(one.role for one in some)
            marks.update(mark(one.url) for one in wanted)
            news = {one.url: one.news for one in wanted}
            for known in (one for one in fresh if one.role != "start"):
                onward = replace(visit, role=known.role, depth=known.depth, news=news.get(known.url))
                yield self.request(known.url, onward, known)
        await delivery.note(replace(listing, fingerprint=of_list(marks)))
        self.parts.listed(visit, response.url, articles=roles["article"] > 0)
        if empty and not roles:
            self.parts.outcome.source_failed(visit.source.name, empty)

    async def read(self, response: Response, visit: CrawlContext) -> AsyncIterator[Any]:
        """Clean a page; keep its article or follow its links."""
        leads = visit.role in LISTINGS
        reading = await self.parts.cleaning.read(page(response), with_links=leads)
        result = reading.result
        is_front = leads and is_front_page(response.url)
        if isinstance(result, Article) and not is_front and (visit.role != "section" or reading.is_declared):
            if not visit.parts:
                visit = replace(visit, answer=visited(visit, response, role="article"))
                result = self.parts.with_rights(result, response, reading)
            if isinstance(result, Rejection):
                yield self.refused(visit, result, response)
                return
            async for item in self.continued(result, reading.next_page, visit):
                yield item
        elif visit.parts:
            async for item in self.giving.given(visit.parts, without_page(visit, passing(result))):
                yield item
        elif isinstance(result, Article) or result.reason == "listing" or (leads and result.reason == "no_text"):
            is_shallow = visit.depth < self.settings.getint("SECTION_DEPTH")
            self.count("limit/section_depth", not is_shallow)
            found = list(select.of_page(reading.links, visit.source, with_sections=is_shallow))
            if is_front:
                sitemaps = self.parts.robots.sitemaps(response.url) if self.parts.robots else ()
                found += select.standard_listings(response.url, reading.feeds, sitemaps)
            if visit.role == "start" and not any(one.role in ("article", "section") for one in found):
                self.parts.outcome.source_failed(visit.source.name, barren(result))
            if visit.role == "article" and isinstance(result, Rejection):
                yield self.refused(visit, result, response)
            elif not any(one.role == "article" for one in found):
                self.parts.gave(visit, response.url, article=False)
            async for request in self.expanded(found, visit, response):
                yield request
        else:
            yield self.refused(visit, result, response)

    def refused(self, visit: CrawlContext, rejection: Rejection, response: Response) -> Rejection:
        """A rejection, which is the source's failure when it is the source's own page."""
        if visit.role == "start":
            self.parts.outcome.source_failed(visit.source.name, f"{rejection.reason}: {rejection.detail}")
        self.parts.gave(visit, response.url, article=False)
        self.parts.delivery.expect(rejection, visited(visit, response, failed=passing(rejection)))
        return rejection

    async def continued(self, article: Article, next_page: str | None, visit: CrawlContext) -> AsyncIterator[Any]:
        """The article, once its last page is read."""
        parts = visit.parts
        if parts and not is_same_story(parts[0], article):
            async for item in self.giving.given(parts, visit):
                yield item
            parts = ()
        is_begun = bool(parts) or page_number(article.url)[1] == 1
        parts = (*parts, article)
        is_onward = is_begun and next_page is not None and next_page not in {part.url for part in parts}
        if next_page and is_onward and len(parts) < self.settings.getint("ARTICLE_MAX_PAGES"):
            yield self.request(next_page, replace(visit, role="next", parts=parts))
            return
        self.count("limit/article_pages", is_onward)
        async for item in self.giving.given(parts, visit):
            yield item

    async def failed(self, failure: Failure) -> AsyncIterator[Any]:
        """What is left to give when a page could not be fetched."""
        visit: CrawlContext = failure.request.cb_kwargs["visit"]  # type: ignore[attr-defined]
        if isinstance(failure.value, RequestDeferred) and failure.value.reason == "ending":
            return
        async for result in self.admitted(self.missed(failure, visit), visit):
            yield result

    async def missed(self, failure: Failure, visit: CrawlContext) -> AsyncIterator[Any]:
        """A page that could not be fetched: a source's failure is the crawl's, an article's is a rejection."""
        request: Request = failure.request  # type: ignore[attr-defined]
        name, why = reason(failure)
        answer = unanswered(visit, request.url, failure.value, name)
        if answer.status is not None and answer.status not in PASSING:
            self.parts.gave(visit, request.url, article=False)
        if (
            visit.role == "start"
            and visit.source.is_bare
            and request.url.startswith("https:")
            and answer.status is None
        ):
            source = replace(visit.source, is_bare=False)
            yield self.request(request.url.replace("https:", "http:", 1), replace(visit, source=source))
        elif visit.role == "start":
            self.parts.outcome.source_failed(visit.source.name, why)
        elif visit.parts:
            async for item in self.giving.given(visit.parts, without_page(visit, answer.failed)):
                yield item
        elif isinstance(failure.value, RequestDeferred):
            return
        elif visit.role == "article":
            rejection = failed_page(request, visit.asked, name, why)
            self.parts.delivery.expect(rejection, answer)
            yield rejection
        else:
            await self.parts.delivery.note(answer)
