"""What a site announces, without crawling it: feeds, sitemaps, sections, how much they list and how new it is."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from cleaners.types import PageRejected, Rejection
from cleaners.urls.resolve import is_front_page
from crawler.config.sources import Source
from crawler.crawl.services import extension, robots
from crawler.discovery import select
from crawler.ledger.types import DiscoveredUrl
from crawler.listings import sniff
from crawler.listings.types import Listing
from crawler.log_sanitizer.escape import escape_controls
from crawler.network.address_policy import origin
from crawler.network.failure_reasons import reason
from crawler.network.pages import page
from crawler.util.clock import now
from crawler.workers.cleaning import CleaningWorkers

MAX_SITEMAPS = 20
"""Sitemaps of an index that are read: enough to see what the site is like."""


UNREAD = ("decode", "parse", "worker")
"""Stages of a rejection that leave no links."""


@dataclass(slots=True, kw_only=True)
class Survey:
    """What was found."""

    url: str
    feeds: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    """Address to articles listed and the newest date, seconds since 1970."""
    sitemaps: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    unread: int = 0
    """Sitemaps that were found and not read."""
    sections: list[str] = field(default_factory=list)
    articles: int = 0
    """Articles that the front page links to."""
    failed: str | None = None
    """Why the front page could not be read."""


class SurveySpider(Spider):
    """Reads a front page, its feeds and sitemaps; keeps nothing."""

    name = "survey"

    def __init__(self, source: Source, found: Survey) -> None:
        super().__init__()
        self.source = replace(source, login=None)
        self.logins = {origin(source.url): source.login} if source.login else {}
        self.found = found
        self.is_demo = False

    async def start(self) -> AsyncIterator[Request]:
        """The front page."""
        yield Request(self.source.url, callback=self.front, errback=self.failed, dont_filter=True)

    async def front(self, response: Response) -> AsyncIterator[Request]:
        """Sections and articles of the front page, and requests for the feeds and sitemaps of the site."""
        self.source = replace(self.source, url=response.url)
        reading = await extension(self.crawler, CleaningWorkers).read(page(response), with_links=True)
        if isinstance(reading.result, Rejection) and reading.result.stage in UNREAD:
            self.found.failed = reading.result.detail
            return
        listed = list(select.of_page(reading.links, self.source, with_sections=True))
        self.found.sections = sorted(
            {one.url for one in listed if one.role == "section" and not is_front_page(one.url)}
        )
        self.found.articles = sum(one.role == "article" for one in listed)
        rules = robots(self.crawler)
        sitemaps = rules.sitemaps(response.url) if rules else ()
        for one in select.standard_listings(response.url, reading.feeds, sitemaps):
            yield self.ask(one)

    def ask(self, one: DiscoveredUrl) -> Request:
        """A request for a feed or a sitemap; one that is not there is no failure."""
        return Request(one.url, callback=self.listing, errback=lambda _: None, cb_kwargs={"role": one.role})

    async def listing(self, response: Response, role: str) -> AsyncIterator[Any]:
        """Count what a feed or sitemap lists; go on to the sitemaps of an index."""
        try:
            data = sniff.body(response)
            kind = sniff.kind(data)
            if kind == "page":
                return
            listing = await extension(self.crawler, CleaningWorkers).listing(kind, data, response.url)
        except PageRejected as refused:
            self.logger.warning("%s: %s", response.url, refused.detail)
            return
        if listing.error is not None:
            self.logger.warning("%s: %s", response.url, listing.error)
        elif kind == "feed":
            listed = select.of_feed(listing.entries(), listing.home, self.source)
            self.found.feeds[response.url] = told(listing, list(listed))
        else:
            found = list(select.of_sitemap(listing.kind, listing.entries(), self.source))
            self.found.sitemaps[response.url] = told(listing, [one for one in found if one.role == "article"])
            maps = sorted((one for one in found if one.role == "sitemap"), key=lambda one: -(one.lastmod or 0))
            self.found.unread += len(maps[MAX_SITEMAPS:])
            for one in maps[:MAX_SITEMAPS]:
                yield self.ask(one)

    def failed(self, failure: Failure) -> Iterator[Request]:
        """The front page could not be fetched; a bare domain is asked over http then."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if self.source.is_bare and request.url.startswith("https:"):
            self.source = replace(self.source, url=request.url.replace("https:", "http:", 1), is_bare=False)
            yield Request(self.source.url, callback=self.front, errback=self.failed, dont_filter=True)
        else:
            self.found.failed = reason(failure)[1]


def told(listing: Listing, listed: list[DiscoveredUrl]) -> tuple[int, int | None]:
    """How many articles, and the newest date that is not of the future."""
    dates = [entry.lastmod for entry in listing.entries() if entry.lastmod and entry.lastmod <= now()]
    return len(listed), max(dates, default=None)


def lines(found: Survey) -> Iterator[str]:
    """The survey for a person."""
    yield from map(escape_controls, _lines(found))


def _lines(found: Survey) -> Iterator[str]:
    yield found.url
    yield f"  front page  {found.articles} articles, {len(found.sections)} sections"
    for name, listings in (("feed", found.feeds), ("sitemap", found.sitemaps)):
        for url, (count, newest) in sorted(listings.items()):
            date = time.strftime("%Y-%m-%d %H:%M", time.gmtime(newest)) if newest else "no date"
            yield f"  {name:<10}  {count:>6} articles, newest {date:<16}  {url}"
    if found.unread:
        yield f"  {found.unread} more sitemaps were not read"
    for url in found.sections:
        yield f"  section     {url}"


def toml(found: Survey) -> str:
    """The site as an entry for a sources file."""
    return f"[[site]]\nurl = {json.dumps(found.url)}\n"
