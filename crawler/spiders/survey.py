"""A survey of a site without crawling it.

It shows feeds, sitemaps and sections, the number of articles they list, and the newest date.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field, replace

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from cleaners.types import PageRejected, Rejection, Stage
from cleaners.urls.resolve import is_front_page
from crawler.cleaning import CleaningWorkers
from crawler.fetching.exceptions import describe, request_of
from crawler.fetching.network.to_page import to_page
from crawler.fetching.politeness.robots import Robots
from crawler.frontier import select
from crawler.frontier.listings import sniff
from crawler.frontier.listings.types import DocumentKind, Listing
from crawler.log_sanitizer import escape_controls
from crawler.spiders.components import required_extension
from crawler.spiders.source import SourceSpider
from crawler.types import DiscoveredUrl, Role, Source
from crawler.util import now

MAX_SITEMAPS = 20
"""Most sitemaps of an index that are read: enough for an impression of the site."""

WITHOUT_LINKS = (Stage.DECODE, Stage.PARSE, Stage.WORKER)
"""Stages whose rejections have no links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingSummary:
    """What a feed or sitemap lists."""

    articles: int
    newest: int | None
    """The newest date that is not in the future, seconds since 1970."""


@dataclass(slots=True, kw_only=True)
class Survey:
    """The feeds, sitemaps and sections of a site."""

    url: str
    feeds: dict[str, ListingSummary] = field(default_factory=dict)
    """Feeds, by URL."""
    sitemaps: dict[str, ListingSummary] = field(default_factory=dict)
    unread: int = 0
    """Number of sitemaps that were found and not read."""
    sections: list[str] = field(default_factory=list)
    articles: int = 0
    """Number of articles that the front page links to."""
    failed: str | None = None
    """Why the front page could not be read."""


class SurveySpider(SourceSpider):
    """Reads a front page and the feeds and sitemaps of the site; writes no articles."""

    name = "survey"

    def __init__(self, source: Source, survey: Survey) -> None:
        super().__init__(source)
        self.survey = survey

    @property
    def workers(self) -> CleaningWorkers:
        """The workers that process pages and listings."""
        return required_extension(self.crawler, CleaningWorkers)

    async def start(self) -> AsyncIterator[Request]:
        """The front page."""
        yield self.front_request()

    def front_request(self) -> Request:
        """The request for the front page."""
        return Request(self.source.url, callback=self.front, errback=self.failed, dont_filter=True)

    async def front(self, response: Response) -> AsyncIterator[Request]:
        """Record the sections and articles of the front page; request the feeds and sitemaps of the site."""
        self.source = replace(self.source, url=response.url)
        page = await self.workers.process_page(to_page(response), with_links=True)
        if isinstance(page.result, Rejection) and page.result.stage in WITHOUT_LINKS:
            self.survey.failed = page.result.detail
            return
        linked = [link for link in select.of_page(page.links, self.source) if not link.skipped]
        self.survey.sections = sorted(
            {link.url for link in linked if link.role is Role.SECTION and not is_front_page(link.url)}
        )
        self.survey.articles = sum(link.role is Role.ARTICLE for link in linked)
        robots = self.crawler.get_downloader_middleware(Robots)
        sitemaps = robots.sitemaps(response.url) if robots else ()
        for target in select.standard_listings(response.url, page.feeds, sitemaps):
            yield self.listing_request(target)

    def listing_request(self, target: DiscoveredUrl) -> Request:
        """The request for a feed or sitemap; its errors are ignored, since the file may not exist."""
        return Request(target.url, callback=self.listing, errback=lambda _: None)

    async def listing(self, response: Response) -> AsyncIterator[object]:
        """Record what a feed or sitemap lists; request the sitemaps of an index."""
        try:
            kind, data = sniff.read_document(response)
            if kind is DocumentKind.PAGE:
                return
            listing = await self.workers.read_listing(kind, data, response.url)
        except PageRejected as error:
            self.logger.warning("%s: %s", response.url, error.detail)
            return
        if kind is DocumentKind.FEED:
            listed = _wanted(select.of_feed(listing.entries(), listing.home, self.source))
            self.survey.feeds[response.url] = summarise(listing, listed)
            return
        urls = _wanted(select.of_sitemap(listing.entries(), self.source))
        self.survey.sitemaps[response.url] = summarise(listing, [url for url in urls if url.role is not Role.SITEMAP])
        maps = sorted((url for url in urls if url.role is Role.SITEMAP), key=lambda url: -(url.lastmod or 0))
        self.survey.unread += len(maps[MAX_SITEMAPS:])
        for url in maps[:MAX_SITEMAPS]:
            yield self.listing_request(url)

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Record that the front page could not be fetched; for a bare domain, first try http after https."""
        request = request_of(failure)
        if self.source.is_bare and request.url.startswith("https:"):
            self.source = replace(self.source, url=request.url.replace("https:", "http:", 1), is_bare=False)
            yield self.front_request()
        else:
            self.survey.failed = describe(failure.value)[1]


def summarise(listing: Listing, listed: Iterable[DiscoveredUrl]) -> ListingSummary:
    """The number of listed articles, and the newest date of the listing."""
    dates = [entry.lastmod for entry in listing.entries() if entry.lastmod and entry.lastmod <= now()]
    return ListingSummary(articles=sum(1 for _ in listed), newest=max(dates, default=None))


def _wanted(urls: Iterable[DiscoveredUrl]) -> list[DiscoveredUrl]:
    return [url for url in urls if not url.skipped]


def lines(survey: Survey) -> Iterator[str]:
    """The survey as lines of text for a terminal."""
    yield from map(escape_controls, _lines(survey))


def _lines(survey: Survey) -> Iterator[str]:
    yield survey.url
    yield f"  front page  {survey.articles} articles, {len(survey.sections)} sections"
    for name, listings in (("feed", survey.feeds), ("sitemap", survey.sitemaps)):
        for url, listing in sorted(listings.items()):
            newest = listing.newest
            date = time.strftime("%Y-%m-%d %H:%M", time.gmtime(newest)) if newest else "no date"
            yield f"  {name:<10}  {listing.articles:>6} articles, newest {date:<16}  {url}"
    if survey.unread:
        yield f"  {survey.unread} more sitemaps were not read"
    for url in survey.sections:
        yield f"  section     {url}"


def to_toml(survey: Survey) -> str:
    """The site as an entry for a sources file."""
    return f"[[site]]\nurl = {json.dumps(survey.url)}\n"
