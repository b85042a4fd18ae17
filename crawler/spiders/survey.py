"""A survey of sites without crawling them.

It shows feeds, sitemaps and sections, the number of articles they list, and the newest date; of a check also what
robots.txt and a few stories say.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from cleaners.metadata.rights import of_headers
from cleaners.types import Article, PageRejected, PageResult, Rejection, Right, Stage
from cleaners.urls.resolve import is_front_page
from crawler.cleaning import CleaningWorkers
from crawler.config.plan import CrawlPlan
from crawler.context import header_pairs
from crawler.fetching.exceptions import describe, request_of
from crawler.fetching.network.to_page import to_page
from crawler.fetching.politeness.robots import Robots
from crawler.frontier import select
from crawler.frontier.listings import sniff
from crawler.frontier.listings.types import DocumentKind, Listing
from crawler.log_sanitizer import escape_controls
from crawler.reasons import PageClass, class_of, find_reason
from crawler.spiders.components import required_extension
from crawler.spiders.source import CopydeskSpider
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A page that the site lists as an article, as it was fetched."""

    url: str
    page_class: PageClass
    detail: str = ""
    """Why it is no article."""
    confidence: float | None = None
    """Probability that its text is whole and clean."""
    seconds: float = 0.0
    """Until its response came."""
    scripted: bool = False
    """True where scripts build the page, or the rest of its article."""
    rights: tuple[Right, ...] = ()
    """What its publisher says of uses of it."""


@dataclass(slots=True, kw_only=True)
class Survey:
    """The feeds, sitemaps and sections of a site, and some of its stories."""

    url: str
    feeds: dict[str, ListingSummary] = field(default_factory=dict)
    """Feeds, by URL."""
    sitemaps: dict[str, ListingSummary] = field(default_factory=dict)
    unread: int = 0
    """Number of sitemaps that were found and not read."""
    sections: list[str] = field(default_factory=list)
    articles: int = 0
    """Number of articles that the front page links to."""
    scripted: bool = False
    """True where scripts build the front page."""
    crawl_delay: float = 0.0
    """Seconds between requests that robots.txt asks for."""
    stories: list[Story] = field(default_factory=list)
    """The articles that were fetched, where any are."""
    failed: str | None = None
    """Why the front page could not be read."""


class SurveySpider(CopydeskSpider):
    """Surveys sites; writes no articles."""

    name = "survey"

    def __init__(self, plan: CrawlPlan, surveys: Sequence[Survey], stories: int = 0) -> None:
        """Take the sites to survey.

        Args:
            plan: the plan; its sources are surveyed.
            surveys: their surveys, in the same order, which are filled.
            stories: articles that are fetched of each.
        """
        super().__init__()
        self.plan = plan
        self.surveys = surveys
        self.stories = stories

    @property
    def workers(self) -> CleaningWorkers:
        """The workers that process pages and listings."""
        return required_extension(self.crawler, CleaningWorkers)

    @property
    def robots(self) -> Robots | None:
        """The component that knows the robots.txt of each host; None where it is switched off."""
        return self.crawler.get_downloader_middleware(Robots)

    async def start(self) -> AsyncIterator[Request]:
        """The sources."""
        for source, survey in zip(self.plan.sources, self.surveys, strict=True):
            yield SiteSurvey(self, source, survey).front_request()


class SiteSurvey:
    """The survey of one site: a front page, the feeds and sitemaps of the site, and some of its stories."""

    def __init__(self, spider: SurveySpider, source: Source, survey: Survey) -> None:
        self.spider = spider
        self.source = source
        self.survey = survey
        self._wanted_stories = spider.stories
        self._asked: set[str] = set()

    def front_request(self) -> Request:
        """The request for the front page."""
        return Request(self.source.url, callback=self.front, errback=self.failed, dont_filter=True)

    async def front(self, response: Response) -> AsyncIterator[Request]:
        """Record the sections and articles of the front page; request the feeds and sitemaps of the site."""
        self.source = replace(self.source, url=response.url)
        robots = self.spider.robots
        self.survey.crawl_delay = robots.crawl_delay(response.url) if robots else 0.0
        if sniff.read_document(response)[0] is not DocumentKind.PAGE:
            async for request in self.listing(response):
                yield request
            return
        page = await self.spider.workers.process_page(to_page(response), with_links=True)
        if isinstance(page.result, Rejection) and page.result.stage in WITHOUT_LINKS:
            self.survey.failed = page.result.detail
            return
        self.survey.scripted = page.scripted is not None
        linked = [link for link in select.of_page(page.links, self.source) if not link.skipped]
        self.survey.sections = sorted(
            {link.url for link in linked if link.role is Role.SECTION and not is_front_page(link.url)}
        )
        stories = [link for link in linked if link.role is Role.ARTICLE]
        self.survey.articles = len(stories)
        for request in self._story_requests(stories):
            yield request
        sitemaps = robots.sitemaps(response.url) if robots else ()
        for target in select.standard_listings(response.url, page.feeds, sitemaps):
            if self._is_new(target.url):
                yield self.listing_request(target)

    def listing_request(self, target: DiscoveredUrl) -> Request:
        """The request for a feed or sitemap; its errors are ignored, since the file may not exist.

        It passes no filter of duplicates: sources of one host have the same files, and each source asks for them once.
        """
        return Request(target.url, callback=self.listing, errback=lambda _: None, dont_filter=True)

    async def listing(self, response: Response) -> AsyncIterator[Request]:
        """Record what a feed or sitemap lists; request the sitemaps of an index."""
        try:
            kind, data = sniff.read_document(response)
            if kind is DocumentKind.PAGE:
                return
            listing = await self.spider.workers.read_listing(kind, data, response.url)
        except PageRejected as error:
            self.spider.logger.warning("%s: %s", response.url, error.detail)
            return
        if kind is DocumentKind.FEED:
            listed = _wanted(select.of_feed(listing.entries(), listing.home, self.source))
            self.survey.feeds[response.url] = summarise(listing, listed)
        else:
            urls = _wanted(select.of_sitemap(listing.entries(), self.source))
            listed = [url for url in urls if url.role is not Role.SITEMAP]
            self.survey.sitemaps[response.url] = summarise(listing, listed)
            maps = sorted((url for url in urls if url.role is Role.SITEMAP), key=lambda url: -(url.lastmod or 0))
            self.survey.unread += len(maps[MAX_SITEMAPS:])
            for url in maps[:MAX_SITEMAPS]:
                if self._is_new(url.url):
                    yield self.listing_request(url)
        for request in self._story_requests(sorted(listed, key=lambda url: -(url.lastmod or 0))):
            yield request

    def _story_requests(self, listed: Iterable[DiscoveredUrl]) -> Iterator[Request]:
        """Requests for listed articles, until as many are asked for as are wanted."""
        for url in listed:
            if not self._wanted_stories:
                return
            if self._is_new(url.url):
                self._wanted_stories -= 1
                yield Request(url.url, callback=self.story, errback=self.no_story, dont_filter=True)

    def _is_new(self, url: str) -> bool:
        """True for a URL that was not asked for before."""
        is_new = url not in self._asked
        self._asked.add(url)
        return is_new

    async def story(self, response: Response) -> None:
        """Record what an article is."""
        found = await self.spider.workers.process_page(to_page(response))
        robots = self.spider.robots
        of_page = (*of_headers(header_pairs(response)), *found.rights)
        is_article = isinstance(found.result, Article)
        rights = (*(await robots.rights(response.url, of_page) if robots and is_article else ()), *of_page)
        self.survey.stories.append(_story(response, found, rights))

    def no_story(self, failure: Failure) -> None:
        """Record why an article could not be fetched."""
        reason, detail = describe(failure.value)
        url = request_of(failure).url
        self.survey.stories.append(Story(url=url, page_class=find_reason(reason).page_class, detail=detail))

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Record that the front page could not be fetched; for a bare domain, first try http after https."""
        request = request_of(failure)
        if self.source.is_bare and request.url.startswith("https:"):
            self.source = replace(self.source, url=request.url.replace("https:", "http:", 1), is_bare=False)
            yield self.front_request()
        else:
            self.survey.failed = describe(failure.value)[1]


def _story(response: Response, found: PageResult, rights: tuple[Right, ...]) -> Story:
    result = found.result
    return Story(
        url=response.url,
        page_class=class_of(result),
        detail=result.detail if isinstance(result, Rejection) else "",
        confidence=None if isinstance(result, Rejection) else result.text_confidence,
        seconds=float(response.meta.get("download_latency") or 0.0),
        scripted=found.scripted is not None,
        rights=rights,
    )


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
