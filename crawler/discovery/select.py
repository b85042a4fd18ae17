"""Where a site lists its articles, and which of the listed URLs are wanted. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from courlan import clean_url

from cleaners.types import Outlink
from cleaners.urls.resolve import registrable_domain, resolve_url
from crawler.discovery import link_classifier
from crawler.listings.types import Listing, ListingKind, to_seconds
from crawler.politeness.crawl_traps import is_trap_url
from crawler.scheduling.context import CrawlContext
from crawler.types import DiscoveredUrl, Role, Source

SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")
"""Usual paths of sitemaps that robots.txt does not name: that of sitemaps.org, then those of WordPress plug-ins."""

FEEDS = ("/feed/", "/rss.xml")
"""Usual paths of feeds that no page declares (WordPress, Drupal)."""

LISTED = "listed in a sitemap"
"""Replaces the anchor text of URLs in a sitemap, which have none. It has the length of a headline."""

SITEMAP_DEPTH = 3
"""Levels of sitemap indexes that are followed; the protocol allows one."""


def standard_listings(url: str, feeds: Iterable[str], sitemaps: Iterable[str]) -> Iterator[DiscoveredUrl]:
    """Feeds and sitemaps of a front page: those that it and robots.txt name, else the usual paths."""
    domain = registrable_domain(url)
    own = [feed for feed in feeds if registrable_domain(feed) == domain]
    for feed in own or [urljoin(url, path) for path in FEEDS]:
        yield DiscoveredUrl(url=feed, role=Role.FEED)
    named = [found for one in sitemaps if (found := resolve_url(url, one)) and registrable_domain(found) == domain]
    for sitemap in named or [urljoin(url, path) for path in SITEMAPS]:
        yield DiscoveredUrl(url=sitemap, role=Role.SITEMAP)


def listed_urls(listing: Listing, context: CrawlContext) -> Iterable[DiscoveredUrl]:
    """The URLs of the site that a feed or sitemap lists: articles, or the sitemaps of an index."""
    if listing.kind == ListingKind.FEED:
        # only a feed that is itself the source may name the site that its articles are from
        home = listing.home if context.role is Role.START else None
        return of_feed(listing.entries(), home, context.source)
    return () if is_too_deep(listing, context) else of_sitemap(listing.entries(), context.source)


def is_too_deep(listing: Listing, context: CrawlContext) -> bool:
    """True for a sitemap index at a depth at which its sitemaps are not followed."""
    return listing.kind == ListingKind.SITEMAP_INDEX and context.target.depth >= SITEMAP_DEPTH


def of_feed(entries: Iterable[DiscoveredUrl], home: str | None, source: Source) -> Iterator[DiscoveredUrl]:
    """Articles of a feed that are on the source's site, or on the site that the feed declares as its own."""
    domains = {registrable_domain(source.url), registrable_domain(home or "")}
    for entry in entries:
        if registrable_domain(entry.url) in domains and link_classifier.is_page(entry.url):
            yield entry


def of_sitemap(entries: Iterable[DiscoveredUrl], source: Source) -> Iterator[DiscoveredUrl]:
    """Articles of a sitemap, or the sitemaps of an index, that are on the source's site."""
    domain = registrable_domain(source.url)
    for entry in entries:
        if entry.role is Role.SITEMAP:
            if registrable_domain(entry.url) == domain:
                yield entry
        elif link_classifier.classify_link(entry.url, LISTED, source.url) is Role.ARTICLE:
            yield entry


def of_page(links: Iterable[Outlink], source: Source, *, with_sections: bool) -> Iterator[DiscoveredUrl]:
    """The articles and sections that a page links to."""
    for link in links:
        role = link_classifier.classify_link(link.url, link.text, source.url)
        if role is Role.ARTICLE or (role is Role.SECTION and with_sections):
            yield DiscoveredUrl(url=link.url, role=role)


def moved(source: Source, url: str) -> Source:
    """The source whose site bounds the links of a URL; where the URL redirected to another site, that site."""
    return source if registrable_domain(url) == registrable_domain(source.url) else replace(source, url=url)


def is_old(published: str | None, since: int | None) -> bool:
    """True for an article that was published before ``since`` (seconds since 1970)."""
    return since is not None and published is not None and to_seconds(published) < since


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The discovered URLs that a source wants."""

    wanted: list[DiscoveredUrl]
    """The wanted URLs, without tracking parameters and fragments."""
    future_dates: int
    """Number of dates in the future, which are ignored."""
    traps: int
    """Number of URLs left out as crawl traps."""


def select(found: Iterable[DiscoveredUrl], context: CrawlContext, latest: int, max_length: int) -> Selection:
    """The discovered URLs that the source wants.

    Args:
        found: the discovered URLs.
        context: of the page that has them.
        latest: the latest date that is accepted, seconds since 1970.
        max_length: most characters of a URL.
    """
    wanted: list[DiscoveredUrl] = []
    future_dates = traps = 0
    for one in found:
        is_future = one.lastmod is not None and one.lastmod > latest
        is_trap = len(one.url) > max_length or is_trap_url(one.url)
        future_dates += is_future
        traps += is_trap
        entry = replace(one, lastmod=None) if is_future else one
        if not is_trap and is_wanted(entry, context.source, context.role):
            wanted.append(_cleaned(_below(entry, context)))
    return Selection(wanted=wanted, future_dates=future_dates, traps=traps)


def _cleaned(found: DiscoveredUrl) -> DiscoveredUrl:
    """The same URL without tracking parameters and fragment."""
    return replace(found, url=clean_url(found.url) or found.url)


def _below(found: DiscoveredUrl, context: CrawlContext) -> DiscoveredUrl:
    """The same URL, one step further from the source where it is a section or sitemap."""
    is_listing = found.role in (Role.SECTION, Role.SITEMAP)
    return replace(found, depth=context.target.depth + 1) if is_listing else found


def is_wanted(found: DiscoveredUrl, source: Source, role: Role) -> bool:
    """True for a URL in the source's sections that is not older than its ``since``.

    An article that a section page links to belongs to that section, whatever its URL.

    Args:
        found: the discovered URL.
        source: the source, with its sections and ``since``.
        role: role of the page that has the URL.
    """
    if source.since is not None and found.lastmod is not None and found.lastmod < source.since:
        return False
    is_bound = found.role is Role.SECTION or (found.role is Role.ARTICLE and role is not Role.SECTION)
    return not (source.sections and is_bound) or is_in(found.url, source.sections)


def is_in(url: str, sections: Iterable[str]) -> bool:
    """True for a URL below one of the sections' paths."""
    path = urlsplit(url).path.strip("/") + "/"
    return any(path.startswith(section.strip("/") + "/") for section in sections)
