"""The spider: from each source to its articles. What a response is decides what is done with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, Self

from courlan import clean_url
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from cleaners.addresses import is_front_page, site
from cleaners.identity import article_id
from cleaners.normalise import key
from cleaners.outlinks import Outlink, page_number
from cleaners.record import merge
from cleaners.types import Article, Rejection
from crawler import documents, feeds, links, sources
from crawler.extensions.cleaning import Cleaning
from crawler.extensions.demo import SITE
from crawler.extensions.outcome import Outcome
from crawler.failures import reason
from crawler.pages import page
from crawler.quota import Quota
from crawler.sources import SourceError
from crawler.visits import PRIORITY, Visit

LISTED = "listed in a sitemap"
"""Stands for the anchor text of addresses that have none: a sitemap lists articles."""

SITEMAP_DEPTH = 3
"""Levels of sitemap indexes followed; the protocol knows one."""


class NewsSpider(Spider):
    """Crawls news sites: ``scrapy crawl news -a site=URL[,URL…] -O articles.jsonl``."""

    name = "news"

    def __init__(
        self,
        site: str | None = None,
        sites: str | None = None,
        max_articles: str | None = None,
        rejections: str | None = None,
        **unknown: str,
    ) -> None:
        super().__init__()
        if unknown:
            raise SourceError(
                f"unknown argument '{next(iter(unknown))}'; expected site, sites, max_articles or rejections"
            )
        self.sources = sources.named(site, sites)
        self.is_demo = not self.sources
        if self.is_demo:
            self.sources = sources.parse(SITE)
        self.rejections = rejections
        self.quota = Quota(sources.positive("max_articles", max_articles))
        self._texts: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Route the output and name the contact before any component is built."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        routed = feeds.route(crawler.settings.getdict("FEEDS"), spider.rejections)
        crawler.settings.set("FEEDS", routed, priority="cmdline")
        crawler.signals.connect(spider.dropped, signals.request_dropped)
        contact = crawler.settings.get("CONTACT")
        if contact:
            agent = f"{crawler.settings['USER_AGENT']} (+{contact})".replace(") (+", "; +")
            crawler.settings.set("USER_AGENT", agent, priority="cmdline")
        return spider

    def closed(self, reason: str) -> None:
        """A source that was read to its end and gave nothing has failed, whatever its server said."""
        for source in self.sources if reason == "finished" else ():
            if not self.quota.given and source.url not in self.outcome.failed_sources:
                self.outcome.source_failed(source.url, "no article was found")

    async def start(self) -> AsyncIterator[Request]:
        """One request a source."""
        for source in self.sources:
            yield self.request(source.url, Visit(source=source, role="start"))

    def request(self, url: str, visit: Visit) -> Request:
        """A request for a page, with what is known of it."""
        return Request(
            url,
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"visit": visit},
            priority=PRIORITY[visit.role],
            dont_filter=visit.role == "start",
        )

    async def parse(self, response: Response, visit: Visit) -> AsyncIterator[Any]:
        """What a response gives; requests for articles only as far as articles are still wanted."""
        async for result in self.admitted(self.answered(response, visit), visit):
            yield result

    async def admitted(self, results: AsyncIterator[Any], visit: Visit) -> AsyncIterator[Any]:
        """Pass results on, requests through the quota, and tell it when an article's last page is read."""
        is_open = visit.role in ("article", "next")
        async for result in results:
            if not isinstance(result, Request):
                yield result
                continue
            is_open = is_open and result.cb_kwargs["visit"].role != "next"
            for request in self.quota.admit([result]):
                yield request
        for request in self.quota.done(visit.source) if is_open else ():
            yield request

    def dropped(self, request: Request) -> None:
        """A request that the duplicate filter dropped leaves its place to another."""
        visit = request.cb_kwargs.get("visit")
        if isinstance(visit, Visit) and visit.role in ("article", "next"):
            for released in self.quota.done(visit.source):
                self.crawler.engine.crawl(released)

    async def answered(self, response: Response, visit: Visit) -> AsyncIterator[Any]:
        """Do what the response asks for: follow a feed, a sitemap or a listing, or keep an article."""
        if visit.role == "start":  # a source that redirects is the site it redirects to
            visit = replace(visit, source=replace(visit.source, url=response.url))
        try:
            data = documents.body(response)
            kind = documents.kind(data)
            requests = list(self.listed(kind, data, response.url, visit)) if kind != "page" else []
        except documents.DocumentError as error:
            yield self.refused(
                visit, Rejection(url=response.url, stage="fetch", reason="damaged", detail=str(error), fetched_at=None)
            )
            return
        if kind == "page":
            async for result in self.read(response, visit):
                yield result
        elif visit.role == "start" and not requests:
            self.outcome.source_failed(visit.source.url, f"this {kind} lists no page of the site")
        for request in requests:
            yield request

    def listed(self, kind: str, data: bytes, url: str, visit: Visit) -> Iterator[Request]:
        """Requests for what a feed or a sitemap lists: articles, or the sitemaps of an index."""
        if kind == "feed":
            home, urls = documents.entries(data, url)
            sites = {site(visit.source.url), site(home or "")}
            for entry in urls:
                if site(entry) in sites and links.is_page(entry):
                    yield self.request(cleaned(entry), replace(visit, role="article", depth=0))
            return
        kind, urls = documents.locations(data)
        for entry in urls:
            if kind == "urlset" and links.kind(entry, LISTED, visit.source.url) == "article":
                yield self.request(cleaned(entry), replace(visit, role="article", depth=0))
            elif kind != "urlset" and visit.depth < SITEMAP_DEPTH and site(entry) == site(visit.source.url):
                yield self.request(entry, replace(visit, role="sitemap", depth=visit.depth + 1))

    async def read(self, response: Response, visit: Visit) -> AsyncIterator[Any]:
        """Clean a page; keep its article or follow its links."""
        leads = visit.role in ("start", "section")
        reading = await self.cleaning.read(page(response), with_links=leads)
        result = reading.result
        is_front = leads and is_front_page(response.url)
        if isinstance(result, Article) and not is_front and (visit.role != "section" or reading.is_declared):
            async for item in self.continued(result, reading.next_page, visit):
                yield item
        elif visit.parts:
            async for item in self.given(visit.parts, visit):
                yield item
        elif isinstance(result, Article) or result.reason == "listing" or (leads and result.reason == "no_text"):
            requests = list(self.followed(reading.links, visit))
            if visit.role == "start" and not requests:
                why = (
                    f"{result.reason}: {result.detail}"
                    if isinstance(result, Rejection)
                    else "no link that could be followed"
                )
                self.outcome.source_failed(visit.source.url, why)
            if visit.role == "article":
                yield result
            for request in requests:
                yield request
        else:
            yield self.refused(visit, result)

    def refused(self, visit: Visit, rejection: Rejection) -> Rejection:
        """A rejection, which is the source's failure when it is the source's own page."""
        if visit.role == "start":
            self.outcome.source_failed(visit.source.url, f"{rejection.reason}: {rejection.detail}")
        return rejection

    async def continued(self, article: Article, next_page: str | None, visit: Visit) -> AsyncIterator[Any]:
        """The article, once its last page is read."""
        parts = visit.parts
        if parts and not is_same_story(parts[0], article):
            async for item in self.given(parts, visit):
                yield item
            parts = ()
        is_begun = bool(parts) or page_number(article.url)[1] == 1
        parts = (*parts, article)
        if next_page and is_begun and len(parts) < self.settings.getint("ARTICLE_MAX_PAGES"):
            yield self.request(next_page, replace(visit, role="next", parts=parts))
        else:
            async for item in self.given(parts, visit):
                yield item

    async def given(self, parts: tuple[Article, ...], visit: Visit) -> AsyncIterator[Article]:
        """The whole article, unless enough were given, or it was itself."""
        article = merge(list(parts)) if len(parts) > 1 else parts[0]
        text = hash(article.text)
        if self._texts.get(article.id, text) != text:  # a canonical link that many stories share names none of them
            article = replace(article, id=article_id(article.url, None), canonical_url=None)
        if article.id in self._texts:
            self.crawler.stats.inc_value("article/duplicate_count")
        elif self.quota.take(visit.source):
            self._texts[article.id] = text
            yield article

    def followed(self, found: tuple[Outlink, ...], visit: Visit) -> Iterator[Request]:
        """Requests for the articles and sections that a listing links to."""
        for link in found:
            kind = links.kind(link.url, link.text, visit.source.url)
            if kind == "article":
                yield self.request(cleaned(link.url), replace(visit, role="article"))
            elif kind == "section" and visit.depth < self.settings.getint("SECTION_DEPTH"):
                yield self.request(cleaned(link.url), replace(visit, role="section", depth=visit.depth + 1))

    async def failed(self, failure: Failure) -> AsyncIterator[Any]:
        """What is left to give when a page could not be fetched."""
        visit: Visit = failure.request.cb_kwargs["visit"]  # type: ignore[attr-defined]
        async for result in self.admitted(self.missed(failure, visit), visit):
            yield result

    async def missed(self, failure: Failure, visit: Visit) -> AsyncIterator[Any]:
        """A page that could not be fetched: a source's failure is the crawl's, an article's is a rejection."""
        request: Request = failure.request  # type: ignore[attr-defined]
        name, why = reason(failure)
        if (
            visit.role == "start"
            and visit.source.is_bare
            and request.url.startswith("https:")
            and not isinstance(failure.value, HttpError)
        ):
            yield self.request(
                request.url.replace("https:", "http:", 1), replace(visit, source=replace(visit.source, is_bare=False))
            )
        elif visit.role == "start":
            self.outcome.source_failed(visit.source.url, why)
        elif visit.parts:
            async for item in self.given(visit.parts, visit):
                yield item
        elif visit.role == "article":
            yield Rejection(url=request.url, stage="fetch", reason=name, detail=why, fetched_at=None)

    @property
    def cleaning(self) -> Cleaning:
        """The extension that reads pages."""
        found = self.crawler.get_extension(Cleaning)
        assert isinstance(found, Cleaning)  # noqa: S101  set in settings.py
        return found

    @property
    def outcome(self) -> Outcome:
        """The extension that knows how the crawl goes."""
        found = self.crawler.get_extension(Outcome)
        assert isinstance(found, Outcome)  # noqa: S101  set in settings.py
        return found


def cleaned(url: str) -> str:
    """The address without trackers and fragment."""
    return clean_url(url) or url


def is_same_story(first: Article, other: Article) -> bool:
    """True when two pages are of one article: their headlines are the same, or one continues the other."""
    one, two = key(first.title or ""), key(other.title or "")
    return one in two or two in one
