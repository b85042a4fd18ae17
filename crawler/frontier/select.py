"""Where a site lists its articles, and which of the listed URLs are wanted. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from cleaners.types import Outlink
from cleaners.urls.identity import without_trackers
from cleaners.urls.resolve import registrable_domain, resolve_url
from crawler.context import CrawlContext
from crawler.fetching.politeness.crawl_traps import is_trap_url
from crawler.frontier import link_classifier
from crawler.frontier.learned_patterns import LearnedPatterns
from crawler.frontier.listings.types import Listing, ListingKind, to_seconds
from crawler.reasons import NotFetched
from crawler.types import LIST_ROLES, MAYBE_ARTICLES, DiscoveredUrl, Role, Source
from crawler.util import DAY

SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")
"""Usual paths of sitemaps that robots.txt does not name: that of sitemaps.org, then those of WordPress plug-ins."""

FEEDS = ("/feed/", "/rss.xml")
"""Usual paths of feeds that no page declares (WordPress, Drupal)."""

SITEMAP_DEPTH = 3
"""Levels of sitemap indexes that are followed; the protocol allows one."""


def standard_listings(url: str, feeds: Iterable[str], sitemaps: Iterable[str]) -> Iterator[DiscoveredUrl]:
    """Feeds and sitemaps of a front page: those that it and robots.txt name, else the usual paths."""
    domain = registrable_domain(url)
    own = [feed for feed in feeds if registrable_domain(feed) == domain]
    for feed in own or [urljoin(url, path) for path in FEEDS]:
        yield DiscoveredUrl(url=feed, role=Role.FEED)
    named = [target for href in sitemaps if (target := resolve_url(url, href)) and registrable_domain(target) == domain]
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
    """The entries of a feed; those of the source's site, or of the site that the feed declares as its own, are wanted.

    Their role is article: feeds list nothing else. Of the other site only articles are wanted, and the feed's metadata
    for them is ignored: anybody can write a feed that names another site.
    """
    own, other = registrable_domain(source.url), registrable_domain(home or "")
    for entry in entries:
        domain = registrable_domain(entry.url)
        if domain == own:
            skipped = link_classifier.skip_reason(entry.url)
            yield replace(entry, skipped=skipped) if skipped else entry
        elif domain == other:
            yield foreign(entry)
        else:
            yield replace(entry, skipped=NotFetched.OTHER_SITE)


def foreign(entry: DiscoveredUrl) -> DiscoveredUrl:
    """An entry whose feed is on another site: only its URL is used, not the feed's metadata."""
    verdict = link_classifier.classify_listed(entry.url, entry.url)
    skipped = verdict if isinstance(verdict, NotFetched) else None
    return DiscoveredUrl(url=entry.url, role=Role.ARTICLE, skipped=skipped, is_foreign=True)


def of_sitemap(entries: Iterable[DiscoveredUrl], source: Source) -> Iterator[DiscoveredUrl]:
    """The pages of a sitemap, or the sitemaps of an index; those of the source's site are wanted."""
    domain = registrable_domain(source.url)
    for entry in entries:
        if entry.role is Role.SITEMAP:
            is_own = registrable_domain(entry.url) == domain
            yield entry if is_own else replace(entry, skipped=NotFetched.OTHER_SITE)
        else:
            yield _as(entry, link_classifier.classify_listed(entry.url, source.url))


def _as(entry: DiscoveredUrl, verdict: Role | NotFetched) -> DiscoveredUrl:
    """The same URL with its role, or with the reason why it is not fetched."""
    if isinstance(verdict, NotFetched):
        return replace(entry, skipped=verdict)
    return entry if verdict is entry.role else replace(entry, role=verdict)


def of_page(links: Iterable[Outlink], source: Source, *, beyond: int = -1) -> Iterator[DiscoveredUrl]:
    """The pages of the site that a page links to.

    Args:
        links: links of the page.
        source: the source, whose site bounds the crawl.
        beyond: depth of the page minus the depth to which sections are followed. From 0 sections are not fetched;
            at 0 possible articles are, and from 1 only links that look like articles.
    """
    for link in links:
        verdict = link_classifier.classify_link(link.url, link.text, source.url)
        if verdict is None:
            continue
        if beyond >= 0 and verdict in (Role.SECTION, Role.PAGE):
            is_list = verdict is Role.SECTION and link_classifier.is_list_name(urlsplit(link.url).path)
            verdict = NotFetched.DEPTH if beyond > 0 or is_list else Role.PAGE
        yield _as(DiscoveredUrl(url=link.url, role=Role.PAGE), verdict)


def moved(source: Source, url: str) -> Source:
    """The source whose site bounds the links of a URL; where the URL redirected to another site, that site."""
    return source if registrable_domain(url) == registrable_domain(source.url) else replace(source, url=url)


def is_old(published: str | None, since: int | None) -> bool:
    """True for an article that was published before ``since`` (seconds since 1970)."""
    return since is not None and published is not None and to_seconds(published) < since


MOMENT_SECONDS = 300
"""Age in seconds below which a date is that of the request: no site changes half of its pages within five minutes."""

FEW_DATES, MANY_DATES = 5, 20
"""Fewest dates of a list for the rule of the request's date, and for that of the build's date."""

ALIKE_SHARE = 0.95
"""Lowest share of the dates that must be equal to count as the date of the list's build."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The discovered URLs of a source, divided."""

    wanted: list[DiscoveredUrl]
    """The wanted URLs, without tracking parameters and fragments."""
    skipped: list[DiscoveredUrl]
    """The URLs that are not fetched, each with its reason."""
    future_dates: int
    """Number of dates in the future, which are ignored."""


def select(
    entries: Iterable[DiscoveredUrl],
    context: CrawlContext,
    *,
    latest: int,
    max_length: int,
    max_depth: int,
    known_urls: LearnedPatterns,
    wants: Callable[[DiscoveredUrl], bool] = lambda _: True,
) -> Selection:
    """Divide the discovered URLs into those that the source wants and the others.

    Args:
        entries: the discovered URLs.
        context: of the page that has them.
        latest: the latest date that is accepted, seconds since 1970.
        max_length: most characters of a URL.
        max_depth: the depth to which sections are followed (``COPYDESK_SECTION_DEPTH``).
        known_urls: what is known of the site's URLs.
        wants: the hook of the spider.
    """
    entries = list(entries)
    generated = generated_dates(entries, latest - DAY)
    wanted: list[DiscoveredUrl] = []
    skipped: list[DiscoveredUrl] = []
    future_dates = 0
    is_listed, is_beyond = context.role in LIST_ROLES, context.target.depth >= max_depth
    for candidate in (known_urls.with_known_role(each, is_listed=is_listed, is_beyond=is_beyond) for each in entries):
        is_future = candidate.lastmod is not None and candidate.lastmod > latest
        future_dates += is_future
        entry = replace(candidate, lastmod=None) if is_future else candidate
        reason = _skip_reason(entry, context, max_length) or (None if wants(entry) else NotFetched.SPIDER)
        entry = replace(entry, lastmod=None) if entry.lastmod in generated else entry
        if reason is None:
            wanted.append(_below(replace(entry, url=without_trackers(entry.url)), context, max_depth))
        else:
            skipped.append(replace(entry, skipped=reason))
    return Selection(wanted=wanted, skipped=skipped, future_dates=future_dates)


def generated_dates(entries: Sequence[DiscoveredUrl], now: int) -> frozenset[int]:
    """The ``lastmod`` dates that give the time of the request or build of the list, not a change of the page.

    They are the dates of the last minutes, if more than half are, and a date of today that nearly all entries have.
    They change with each request or build, and would cause each page to be fetched again without need.
    """
    dates = Counter(entry.lastmod for entry in entries if entry.lastmod is not None and entry.role in MAYBE_ARTICLES)
    of_now = frozenset(date for date in dates if date > now - MOMENT_SECONDS)
    if dates.total() >= FEW_DATES and sum(dates[date] for date in of_now) > dates.total() / 2:
        return of_now
    if dates.total() < MANY_DATES:
        return frozenset()
    date, count = dates.most_common(1)[0]
    return frozenset((date,)) if count >= ALIKE_SHARE * dates.total() and date > now - DAY else frozenset()


def _skip_reason(entry: DiscoveredUrl, context: CrawlContext, max_length: int) -> NotFetched | None:
    if entry.skipped is not None:
        return entry.skipped
    if len(entry.url) > max_length or is_trap_url(entry.url):
        return NotFetched.TRAP
    return unwanted(entry, context.source, context.role)


def _below(entry: DiscoveredUrl, context: CrawlContext, max_depth: int) -> DiscoveredUrl:
    """The same URL, one step further from the source; a page of a feed or sitemap is beyond the sections."""
    is_listed = context.role in LIST_ROLES and entry.role not in LIST_ROLES
    return replace(entry, depth=max_depth + 1 if is_listed else context.target.depth + 1)


def unwanted(entry: DiscoveredUrl, source: Source, role: Role) -> NotFetched | None:
    """Why a source does not want a URL: outside of its sections, or older than its ``since``; None where it does.

    A page that a section page links to belongs to that section, whatever its URL.

    Args:
        entry: the discovered URL.
        source: the source, with its sections and ``since``.
        role: role of the page that has the URL.
    """
    if source.since is not None and entry.lastmod is not None and entry.lastmod < source.since:
        return NotFetched.OLD
    is_bound = entry.role is Role.SECTION or (entry.role in MAYBE_ARTICLES and role is not Role.SECTION)
    is_outside = bool(source.sections) and is_bound and not is_in(entry.url, source.sections)
    return NotFetched.OUTSIDE_SECTIONS if is_outside else None


def is_in(url: str, sections: Iterable[str]) -> bool:
    """True for a URL below one of the sections' paths."""
    path = urlsplit(url).path.strip("/") + "/"
    return any(path.startswith(section.strip("/") + "/") for section in sections)
