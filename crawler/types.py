"""The immutable values from which requests are made: sources, roles, discovered URLs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Why a URL is fetched."""

    START = "start"
    """A source's own URL."""
    SECTION = "section"
    FEED = "feed"
    SITEMAP = "sitemap"
    ARTICLE = "article"
    NEXT = "next"
    """A further page of an article."""


LIST_ROLES = (Role.FEED, Role.SITEMAP)
"""Roles of files that list articles: feeds and sitemaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A site, feed, sitemap, section or article to start from."""

    url: str
    """Absolute http or https URL."""
    max_articles: int | None = None
    """Most articles to take from this source; None for no limit."""
    max_pages: int | None = None
    """Most pages to fetch from this source in one run; None for no limit."""
    since: int | None = None
    """Earliest publication date that is wanted, seconds since 1970; None for all."""
    sections: tuple[str, ...] = ()
    """Paths of the sections wanted, e.g. ``world``; empty for all."""
    is_bare: bool = False
    """True for a domain without a scheme: http is tried when https fails."""
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    """Name and password from the user's URL, sent to its origin only."""
    name: str = ""
    """The source's name in ledger and reports: by default its URL, also after a redirect."""

    def __post_init__(self) -> None:
        """Set the name to the URL where it is empty."""
        if not self.name:
            object.__setattr__(self, "name", self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Metadata of an article in a Google News sitemap."""

    published: str | None = None
    """Publication date, ISO 8601."""
    title: str | None = None
    """The headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredUrl:
    """A URL that was found in a listing, with what discovery and the ledger know of it."""

    url: str
    role: Role
    lastmod: int | None = None
    """When it was last changed or published, as its listing states, in seconds since 1970; None where not known."""
    depth: int = 0
    """Number of steps from the source: sections below sections, sitemaps below indexes."""
    announced: Announcement | None = None
    """Its metadata in a Google News sitemap."""
    etag: str | None = None
    """Entity tag of the last response (RFC 9110, 8.8.3), sent back as If-None-Match; the ledger adds it."""
    last_modified: str | None = None
    """Last-Modified of the last response, unchanged, sent back as If-Modified-Since; the ledger adds it."""
