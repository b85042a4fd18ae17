"""The immutable values from which requests are made: sources, roles, discovered URLs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from crawler.reasons import NotFetched


class Role(StrEnum):
    """Why a URL is fetched."""

    START = "start"
    """A source's own URL."""
    SECTION = "section"
    FEED = "feed"
    SITEMAP = "sitemap"
    ARTICLE = "article"
    """A page whose URL or listing says that it is an article."""
    PAGE = "page"
    """A page of which neither its URL nor its listing says what it is."""
    NEXT = "next"
    """A further page of an article."""


RENDER = "render"
"""Key of a request's ``meta``: True for a page that is rendered in a browser."""


RENDERED = "rendered"
"""Flag of a response that was rendered in a browser."""


FETCHED = "fetched"
"""Key of a request's ``meta``: the :class:`Fetched` of its response."""


class Fetched(NamedTuple):
    """When a response was fetched, and where it is kept."""

    at: datetime
    record: str | None = None
    """The file and the record of an archive that holds it; None where it is in none."""


class Render(StrEnum):
    """Which pages are rendered."""

    NEVER = "never"
    AUTO = "auto"
    """Those that give no article, or a part of one, and look as if scripts build them."""
    ALWAYS = "always"


LIST_ROLES = (Role.FEED, Role.SITEMAP)
"""Roles of files that list articles: feeds and sitemaps."""


LINKED_ROLES = (Role.START, Role.SECTION, Role.PAGE)
"""Roles of pages whose links are read, whatever the page is."""

MAYBE_ARTICLES = (Role.ARTICLE, Role.PAGE)
"""Roles of pages that may be articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What the requests to a source are signed with."""

    key: str = field(repr=False)
    """A private Ed25519 key in PEM."""
    agent: str
    """The origin whose key directory has the public key: ``https://crawler.example``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is sent to the origin of one source, and nowhere else."""

    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxy: str | None = field(default=None, repr=False)
    """URL of the proxy, with its credentials if it has any."""
    verify_tls: bool = True
    """False where an invalid certificate is accepted."""
    signature: Signature | None = None
    """None where requests are not signed."""


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
    render: Render | None = None
    """Which of its pages are rendered; None for the setting."""
    is_bare: bool = False
    """True for a domain without a scheme: http is tried when https fails."""
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    """Name and password from the user's URL, sent to its origin only."""
    session: Session | None = field(default=None, repr=False)
    """What the requests to its origin are sent with."""
    name: str = ""
    """The source's name in ledger and reports: by default its URL, also after a redirect."""

    def __post_init__(self) -> None:
        """Set the name to the URL where it is empty."""
        if not self.name:
            object.__setattr__(self, "name", self.url)


class RenderingYield(NamedTuple):
    """How many pages of a site were rendered, by what that gave."""

    helped: int
    """A better article, or an article at all."""
    useless: int


class PatternYield(NamedTuple):
    """How many pages with a URL of a pattern were fetched, and how many of them were articles."""

    pages: int
    articles: int


class Content(NamedTuple):
    """Length, beginning and end of the full text in a feed's entry."""

    chars: int
    """Characters of its paragraphs, as :func:`cleaners.text.normalise.match_key` has them."""
    first: str
    """The beginning of the first one."""
    last: str
    """The beginning of the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Metadata of an article in a feed or in a Google News sitemap."""

    published: str | None = None
    """Publication date, ISO 8601."""
    title: str | None = None
    """The headline."""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Categories of a feed's entry: sections and tags, which feeds do not distinguish."""
    origin: str = "news sitemap"
    """``feed`` or ``news sitemap``."""
    content: Content | None = None
    """Set where the feed's entry has the full text."""
    licenses: tuple[str, ...] = ()
    """The terms of its licences in RSL (:mod:`cleaners.metadata.rsl`)."""

    def to_values(self) -> list[object]:
        """Its values, for JSON."""
        return list(astuple(self))

    def updated(self, later: Self) -> Self:
        """This announcement with the values that a later one has."""
        changes = {attribute.name: value for attribute in fields(later) if (value := getattr(later, attribute.name))}
        return replace(self, **changes)

    @classmethod
    def of_values(cls, values: Sequence[Any]) -> Self:
        """The announcement with the values of :meth:`to_values`."""
        published, title, authors, tags, origin, *more = values  # a ledger of an earlier version has no content
        content = Content(*more[0]) if more and more[0] else None
        licenses = tuple(more[1]) if len(more) > 1 else ()
        attributes = {
            "published": published,
            "title": title,
            "origin": origin,
            "content": content,
            "licenses": licenses,
        }
        return cls(authors=tuple(authors), tags=tuple(tags), **attributes)


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
    """Its metadata in a feed or in a Google News sitemap."""
    etag: str | None = None
    """Entity tag of the last response (RFC 9110, 8.8.3), sent back as If-None-Match; the ledger adds it."""
    last_modified: str | None = None
    """Last-Modified of the last response, unchanged, sent back as If-Modified-Since; the ledger adds it."""
    skipped: NotFetched | None = None
    """Why it is not fetched; None where it is."""
    is_foreign: bool = False
    """True where another site lists it, or a page names it: their statements about it are ignored."""
