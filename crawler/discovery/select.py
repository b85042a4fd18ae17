"""Where a newsroom lists what it publishes, and which of what it lists is wanted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from courlan import clean_url

from cleaners.types import Outlink
from cleaners.urls.resolve import resolve_url, registrable_domain
from crawler.config.sources import Source
from crawler.discovery import link_classifier
from crawler.ledger.types import DiscoveredUrl
from crawler.listings.types import Entry, Listing, seconds
from crawler.politeness.crawl_traps import is_trap_url
from crawler.scheduling.context import CrawlContext

SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")
"""Where sitemaps stand that robots.txt does not name: sitemaps.org's own place, then those of WordPress's plug-ins."""

FEEDS = ("/feed/", "/rss.xml")
"""Where feeds stand that no page announces (WordPress, Drupal)."""

LISTED = "listed in a sitemap"
"""Stands for the anchor text of addresses that have none: a sitemap lists articles."""


def standard_listings(url: str, feeds: Iterable[str], sitemaps: Iterable[str]) -> Iterator[DiscoveredUrl]:
    """Feeds and sitemaps of a front page: those it and robots.txt name, else the usual places."""
    own = [feed for feed in feeds if registrable_domain(feed) == registrable_domain(url)]
    yield from (DiscoveredUrl(url=feed, role="feed") for feed in own or [urljoin(url, place) for place in FEEDS])
    named = [
        place
        for one in sitemaps
        if (place := resolve_url(url, one)) and registrable_domain(place) == registrable_domain(url)
    ]
    yield from (DiscoveredUrl(url=one, role="sitemap") for one in named or [urljoin(url, place) for place in SITEMAPS])


def listed(listing: Listing, visit: CrawlContext) -> Iterable[DiscoveredUrl]:
    """What a feed or a sitemap lists: articles, or the sitemaps of an index."""
    if listing.kind == "feed":
        # a feed that a page names decides over its own site only
        home = listing.home if visit.role == "start" else None
        return of_feed(listing.entries(), home, visit.source)
    return () if is_too_deep(listing, visit) else of_sitemap(listing.kind, listing.entries(), visit.source)


def is_too_deep(listing: Listing, visit: CrawlContext) -> bool:
    """True for an index below so many others that no sitemap of it is followed."""
    return listing.kind == "sitemapindex" and visit.depth >= SITEMAP_DEPTH


def of_feed(entries: Iterable[Entry], home: str | None, source: Source) -> Iterator[DiscoveredUrl]:
    """Articles of a feed that are of the source's site, or of the site the feed says it is of."""
    sites = {registrable_domain(source.url), registrable_domain(home or "")}
    for entry in entries:
        if registrable_domain(entry.url) in sites and link_classifier.is_page(entry.url):
            yield DiscoveredUrl(url=entry.url, role="article", lastmod=entry.lastmod)


SITEMAP_DEPTH = 3
"""Levels of sitemap indexes followed; the protocol knows one."""


def of_sitemap(kind: str, entries: Iterable[Entry], source: Source) -> Iterator[DiscoveredUrl]:
    """Articles of a sitemap, or the sitemaps of an index."""
    for entry in entries:
        if kind == "urlset" and link_classifier.kind(entry.url, LISTED, source.url) == "article":
            yield DiscoveredUrl(url=entry.url, role="article", lastmod=entry.lastmod, news=entry.news)
        elif kind != "urlset" and registrable_domain(entry.url) == registrable_domain(source.url):
            yield DiscoveredUrl(url=entry.url, role="sitemap", lastmod=entry.lastmod)


def of_page(found: Iterable[Outlink], source: Source, *, with_sections: bool) -> Iterator[DiscoveredUrl]:
    """The articles and sections that a listing links to."""
    for link in found:
        kind = link_classifier.kind(link.url, link.text, source.url)
        if kind == "article" or (kind == "section" and with_sections):
            yield DiscoveredUrl(url=link.url, role=kind)


def cleaned(found: DiscoveredUrl) -> DiscoveredUrl:
    """An address without trackers and fragment."""
    return replace(found, url=clean_url(found.url) or found.url)


def moved(source: Source, url: str) -> Source:
    """The source as it bounds what an address of it leads to: where it redirects to another site, that site."""
    return source if registrable_domain(url) == registrable_domain(source.url) else replace(source, url=url)


def is_old(published: str | None, since: int | None) -> bool:
    """True for an article that says it was published before ``since``."""
    return since is not None and published is not None and seconds(published) < since


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a source asks for of what a listing lists."""

    found: list[DiscoveredUrl]
    """Without trackers."""
    unbelieved: int
    """Dates that lie in the future, and are not believed."""
    endless: int
    """Addresses left out, since only a page that invents links has such."""


def wanted(found: Iterable[DiscoveredUrl], visit: CrawlContext, latest: int, longest: int) -> Wanted:
    """What the source asks for; no date after ``latest``, no address of more than ``longest`` characters."""
    believed, unbelieved, endless = [], 0, 0
    for one in found:
        is_future = one.lastmod is not None and one.lastmod > latest
        is_trap = len(one.url) > longest or is_trap_url(one.url)
        unbelieved += is_future
        endless += is_trap
        if not is_trap:
            believed.append(replace(one, lastmod=None) if is_future else one)
    kept = [cleaned(below(one, visit)) for one in believed if is_wanted(one, visit.source, visit.role)]
    return Wanted(found=kept, unbelieved=unbelieved, endless=endless)


def below(found: DiscoveredUrl, visit: CrawlContext) -> DiscoveredUrl:
    """The same, one step further from the source where it lists others."""
    return replace(found, depth=visit.depth + 1) if found.role in ("section", "sitemap") else found


def is_wanted(found: DiscoveredUrl, source: Source, role: str) -> bool:
    """True for what the source asks for: in its sections, and not older than its ``since``.

    What a section's own page links to is of that section, whatever its address.
    """
    if source.since is not None and found.lastmod is not None and found.lastmod < source.since:
        return False
    is_bound = bool(source.sections) and (found.role == "section" or (found.role == "article" and role != "section"))
    return not is_bound or is_in(found.url, source.sections)


def is_in(url: str, sections: Iterable[str]) -> bool:
    """True for addresses below one of the sections' paths."""
    path = urlsplit(url).path.strip("/") + "/"
    return any(path.startswith(section.strip("/") + "/") for section in sections)
