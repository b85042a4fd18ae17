"""The spider: from each source to its articles. What a response is decides what is done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from courlan import clean_url
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from cleaners.outlinks import Outlink
from cleaners.record import merge
from cleaners.types import Article, Rejection
from crawler import documents, feeds, links, sources
from crawler.extensions.cleaning import Cleaning
from crawler.extensions.demo import SITE
from crawler.extensions.outcome import Outcome
from crawler.pages import page
from crawler.sources import Source, SourceError

PRIORITY = {"start": 30, "next": 20, "article": 10, "sitemap": 5, "section": 0}
"""Order of requests: begun articles are finished first, then new ones; listings are asked when nothing else waits."""

SITEMAP_DEPTH = 3
"""Levels of sitemap indexes followed; the protocol knows one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Why a page is fetched; travels with its request."""

    source: Source
    role: str
    """``start``, ``section``, ``sitemap``, ``article`` or ``next`` (page of an article)."""
    depth: int = 0
    """Steps from the source: sections below sections, sitemaps below indexes."""
    parts: tuple[Article, ...] = ()
    """Pages of the article read so far."""


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
        self.max_articles = positive("max_articles", max_articles)
        self.sources = named(site, sites)
        self.is_demo = not self.sources
        if self.is_demo:
            self.sources = sources.parse(SITE)
        self.rejections = rejections
        self._given: Counter[str] = Counter()
        self._ids: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Route the output and name the contact before any component is built."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        routed = feeds.route(crawler.settings.getdict("FEEDS"), spider.rejections)
        crawler.settings.set("FEEDS", routed, priority="cmdline")
        contact = crawler.settings.get("CONTACT")
        if contact:
            agent = f"{crawler.settings['USER_AGENT']} (+{contact})".replace(") (+", "; +")
            crawler.settings.set("USER_AGENT", agent, priority="cmdline")
        return spider

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
        """Do what the response asks for: follow a feed, a sitemap or a listing, or keep an article."""
        data = documents.body(response)
        kind = documents.kind(data)
        if kind == "feed":
            found = list(documents.entries(data, response.url))
            requests = list(self.articles(found, visit))
        elif kind == "sitemap":
            requests = list(self.mapped(data, visit))
        else:
            async for result in self.read(response, visit):
                yield result
            return
        if visit.role == "start" and not requests:
            self.outcome.source_failed(visit.source.url, f"this {kind} lists no page of the site")
        for request in requests:
            yield request

    def articles(self, urls: list[str], visit: Visit) -> Iterator[Request]:
        """Requests for the articles that a feed or a sitemap lists."""
        for url in urls:
            if links.kind(url, " ".join(["listed"] * links.MANY), visit.source.url) == "article":
                yield self.request(cleaned(url), replace(visit, role="article", depth=0))

    def mapped(self, data: bytes, visit: Visit) -> Iterator[Request]:
        """Requests for what a sitemap lists: articles, or the sitemaps of an index."""
        kind, urls = documents.locations(data)
        if kind == "urlset":
            yield from self.articles(urls, visit)
        elif visit.depth < SITEMAP_DEPTH:
            for url in urls:
                if links.site(url) == links.site(visit.source.url):
                    yield self.request(url, replace(visit, role="sitemap", depth=visit.depth + 1))

    async def read(self, response: Response, visit: Visit) -> AsyncIterator[Any]:
        """Clean a page; keep its article or follow its links."""
        reading = await self.cleaning.read(page(response), with_links=visit.role in ("start", "section"))
        result = reading.result
        is_page = isinstance(result, Article) or result.stage in ("page_type", "body")
        is_front = is_page and (visit.role == "section" or (visit.role == "start" and is_root(response.url)))
        if isinstance(result, Article) and not is_front:
            async for item in self.continued(result, reading.next_page, visit):
                yield item
        elif visit.parts:
            yield self.accepted(visit.parts, visit)
        elif is_front or (isinstance(result, Rejection) and result.reason == "listing"):
            followed = list(self.followed(reading.links, visit))
            if visit.role == "start" and not followed:
                self.outcome.source_failed(
                    visit.source.url, "the page links to no page of the site that could be followed"
                )
            for request in followed:
                yield request
            if visit.role == "article":
                yield result
        else:
            yield result
            if visit.role == "start" and isinstance(result, Rejection):
                self.outcome.source_failed(visit.source.url, f"{result.reason}: {result.detail}")

    async def continued(self, article: Article, next_page: str | None, visit: Visit) -> AsyncIterator[Any]:
        """The article, once its last page is read."""
        parts = (*visit.parts, article)
        if next_page and len(parts) < self.settings.getint("ARTICLE_MAX_PAGES"):
            yield self.request(next_page, replace(visit, role="next", parts=parts))
        else:
            item = self.accepted(parts, visit)
            if item is not None:
                yield item

    def accepted(self, parts: tuple[Article, ...], visit: Visit) -> Article | None:
        """The whole article, unless its source or the crawl has had enough, or it was already given."""
        article = merge(list(parts)) if len(parts) > 1 else parts[0]
        if article.id in self._ids:
            self.crawler.stats.inc_value("article/duplicate_count")
            return None
        if visit.source.max_articles is not None and self._given[visit.source.url] >= visit.source.max_articles:
            return None
        if self.max_articles is not None and self._given.total() >= self.max_articles:
            raise CloseSpider("max_articles")
        self._ids.add(article.id)
        self._given[visit.source.url] += 1
        return article

    def followed(self, found: tuple[Outlink, ...], visit: Visit) -> Iterator[Request]:
        """Requests for the articles and sections that a listing links to."""
        if visit.source.max_articles is not None and self._given[visit.source.url] >= visit.source.max_articles:
            return
        for link in found:
            kind = links.kind(link.url, link.text, visit.source.url)
            if kind == "article":
                yield self.request(cleaned(link.url), replace(visit, role="article"))
            elif kind == "section" and visit.depth < self.settings.getint("SECTION_DEPTH"):
                yield self.request(cleaned(link.url), replace(visit, role="section", depth=visit.depth + 1))

    async def failed(self, failure: Failure) -> AsyncIterator[Any]:
        """A page that could not be fetched: a source's failure is the crawl's, an article's is a rejection."""
        request: Request = failure.request  # type: ignore[attr-defined]
        visit: Visit = request.cb_kwargs["visit"]
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
            item = self.accepted(visit.parts, visit)
            if item is not None:
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


def named(site: str | None, sites: str | None) -> tuple[Source, ...]:
    """The sources that the spider's arguments name; none for the demo.

    Raises:
        SourceError: when they cannot be understood.
    """
    found = sources.parse(site) if site is not None else ()
    return (*found, *(sources.load(Path(sites)) if sites is not None else ()))


def positive(name: str, value: str | None) -> int | None:
    """A whole number of 1 or more, or None.

    Raises:
        SourceError: for anything else.
    """
    if value is None:
        return None
    if not value.isdecimal() or int(value) < 1:
        raise SourceError(f"{name}={value}: expected a whole number of 1 or more")
    return int(value)


def cleaned(url: str) -> str:
    """The address without trackers and fragment."""
    return clean_url(url) or url


def is_root(url: str) -> bool:
    """True for the front page of a host."""
    return url.split("://", 1)[-1].partition("/")[2].split("?")[0] in ("", "index.html", "index.php")


REASONS = {
    "DNSLookupError": ("unknown_host", "unknown host"),
    "CannotResolveHostError": ("unknown_host", "unknown host"),
    "ConnectionRefusedError": ("connection_refused", "connection refused"),
    "DownloadConnectionRefusedError": ("connection_refused", "connection refused"),
    "TimeoutError": ("timeout", "no answer in time"),
    "TCPTimedOutError": ("timeout", "no answer in time"),
    "DownloadTimeoutError": ("timeout", "no answer in time"),
    "RobotsForbidden": ("robots", "robots.txt forbids it"),
}
"""Names of exceptions by Twisted and Scrapy, with what they mean as a reason and for a person."""


def reason(failure: Failure) -> tuple[str, str]:
    """Why a request failed: a short stable name, and words for a person."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"http_{error.response.status}", f"HTTP {error.response.status}"
    name = type(error).__name__
    return REASONS.get(name, ("network", f"{name}: {error}"))
