"""The values of the ledger, and its Protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from cleaners.site.memory import SiteMemory
from cleaners.types import ObservedPage
from crawler.reasons import PageClass
from crawler.types import Announcement, DiscoveredUrl, PatternYield, RenderingYield, Role


class LedgerError(Exception):
    """A ledger that cannot be used; the message names it and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleState:
    """What the ledger knows of an article."""

    id: str
    url: str
    revision: int
    """1 for the first text, increased by one with each change of the text."""
    fingerprint: str
    """Of the text: see :mod:`crawler.ledger.fingerprints`."""
    signature: bytes | None = None
    """MinHash of the text: see :mod:`crawler.ledger.minhash`."""
    duplicate_of: str | None = None
    """Id of the first article with nearly the same text."""
    claims: str | None = None
    """Id of another page that this page names as its canonical URL, though it has another article."""
    about: bytes | None = None
    """Its headline and facts: see :mod:`cleaners.text.gist`."""
    numbered: bytes | None = None
    """Its lines with numbers."""
    published: int | None = None
    """When it was published, seconds since 1970; None where its page does not say."""
    counters: frozenset[bytes] = field(default=frozenset(), compare=False)
    """Its lines that may be counters, without their numbers; not read again."""
    first_seen: int | None = field(default=None, compare=False)
    """When it was first written, seconds since 1970; set by the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedArticles:
    """What the ledger knows of an article that was read."""

    announced: Announcement | None = None
    """What feeds and sitemaps announced of the article at its URL."""
    article: ArticleState | None = None
    """The article with its id."""
    with_text: tuple[ArticleState, ...] = ()
    """Articles with exactly its text, oldest first; a long list may be cut."""
    similar: tuple[ArticleState, ...] = ()
    """Articles with one of its bands: candidates for near-duplicates. Articles without a signature, and near-duplicates
    themselves, are not among them; a long list may be cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """The layout of a new article's page."""

    site: str
    """Its host without ``www.``."""
    section: str
    """The first part of its path; empty where there is only one."""
    layout: int
    """See :class:`cleaners.types.ObservedPage`."""
    missing: tuple[str, ...]
    """Fields that the article lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A layout of a section of a site, and the articles that had it: a row of the table ``layouts``, in its order."""

    site: str
    section: str
    layout: int
    pages: int
    first: int
    """Number of the first of them among the site's articles, from 1, in the order in which they were found."""
    last: int
    """Number of the last of them."""
    began: int
    """When the first was fetched, seconds since 1970."""
    seen: int
    """When the last was fetched."""
    missing: dict[str, int]
    """Number of articles that lack a field."""
    examples: tuple[str, ...]
    """URLs of the last two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRecord:
    """One URL that was fetched, and its outcome, which a commit writes."""

    url: str
    role: Role
    source: str
    """Name of the source it belongs to."""
    at: int
    """When it was fetched, seconds since 1970."""
    status: int | None
    """HTTP status; None when there was no response."""
    etag: str | None = None
    last_modified: str | None = None
    fingerprint: str | None = None
    """Fingerprint of the URLs in a listing."""
    retry_reason: str | None = None
    """Reason code of a transient failure, after which the URL is fetched again; None in all other cases."""
    page_class: PageClass | None = None
    """What the page is; None where this fetch does not say: a response 304, a feed."""
    article: ArticleState | None = None
    """The article at this URL, new, changed or unchanged."""
    output: str | None = None
    """The file that has the article's line; None where none was written."""
    discovered: tuple[DiscoveredUrl, ...] = ()
    """The URLs that it lists: written in the same transaction as the listing's validators, or before."""
    observed: tuple[ObservedPage, ...] = ()
    """Observations about the site from the pages of the article: written with the article."""
    layout: PageLayout | None = None
    """The layout of the article's page, where the article is new: written with the article."""
    rendering_helped: bool | None = None
    """Whether rendering the page gave a better article; None where it was not rendered, or without comparison."""
    is_foreign: bool = False
    """True where no listing of its own site named the URL: without an article it is fetched again where one does."""
    is_partial: bool = False
    """True for one batch of a long listing: the record of the listing itself follows the last batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A local output file, and how many of its bytes are recorded in the ledger."""

    path: str
    offset: int
    """Bytes whose lines are in the ledger."""
    is_open: bool
    """True for one that this run writes, or that a killed run has left open; False while another run is at work
    on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedUrl:
    """A URL whose record has a value that the database rejected. The rest of the commit was written."""

    url: str
    source: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a spider."""

    id: int
    pid: int
    started: int
    ended: int | None
    """None while it runs, and for a run that was killed."""
    status: int | None
    """Exit status."""
    report: dict[str, Any]
    """The content of ``run.json``."""


class Ledger(Protocol):
    """Stores what is known across runs. Every method is atomic, and those of one ledger take effect in order.

    Several runs may be at work at once, each on sites of its own, where :func:`crawler.ledger.lock.lock` locks nothing.
    Each URL has a history of its own; those with the same :func:`cleaners.urls.identity.article_id` are of one page,
    and one of them is fetched (:mod:`crawler.ledger.sql.variants`). :mod:`crawler.ledger.recrawl` decides when a URL is
    due. Each implementation passes the test suite ``tests/unit/crawler/ledger/contract.py``; the schemes of URLs by
    which ledgers are opened are in :mod:`crawler.ledger.open`.
    """

    async def start_run(self, pid: int, at: int) -> int:
        """Record the start of a run.

        Returns:
            The run's number.
        """

    async def finish_run(self, run: int, at: int, status: int, report: dict[str, object]) -> None:
        """Record the end of a run."""

    async def runs(self, limit: int, *, before: int | None = None) -> list[Run]:
        """The last runs, newest first; those before a run where its number is given."""

    async def lookup(self, urls: Iterable[str]) -> dict[str, DiscoveredUrl]:
        """What is known of some URLs, by URL as in the argument; unknown ones are left out."""

    async def due_urls(self, source: str, now: int, *, everything: bool = False) -> AsyncIterator[DiscoveredUrl]:
        """URLs of a source that earlier runs found and that are due, unfetched ones first; all with ``everything``.

        A URL that this run found or fetched is not among them. Commits may come between two URLs.
        """
        yield DiscoveredUrl(url="", role=Role.ARTICLE)  # so that a type checker knows an asynchronous generator

    async def select_due(self, urls: Sequence[DiscoveredUrl], now: int) -> list[DiscoveredUrl]:
        """The discovered URLs that are to be fetched now, in order: new, due, or changed since they were fetched.

        Changed are those with a ``lastmod`` later than the fetch, or later than any earlier listing announced where
        the fetch is of an earlier run (:func:`crawler.ledger.recrawl.is_changed`).
        """

    async def next_url(self, url: str) -> DiscoveredUrl | None:
        """The URL that is fetched where one of its page gave no article: the plainest of those that were never fetched.

        None where there is none, or where the page had an article.
        """

    async def find_article(self, id_: str) -> ArticleState | None:
        """An article by its id."""

    async def related_articles(self, url: str, id_: str, fingerprint: str, bands: Collection[bytes]) -> RelatedArticles:
        """All that is known of an article that was read, in one question: each may cross threads and a network.

        Args:
            url: of its page.
            id_: of the article.
            fingerprint: of its text (:mod:`crawler.ledger.fingerprints`).
            bands: of its MinHash (:func:`crawler.ledger.minhash.bands`).
        """

    async def repeated_lines(self, lines: Collection[bytes]) -> frozenset[bytes]:
        """Those of some lines, without their numbers, that several articles have."""

    async def commit(self, records: Sequence[FetchRecord], outputs: Sequence[Output] = ()) -> Sequence[RefusedUrl]:
        """Write the outcome of some URLs and the offsets of the outputs in one transaction.

        A record with status 304 or a ``retry_reason`` keeps the validators and the fingerprint of the record before.
        Of a partial record only the discovered URLs are written. Outputs replace those of the same path.

        Returns:
            The rejected URLs, usually none: one bad record, or one bad URL of a listing, loses no other.

        Raises:
            LedgerError: when it cannot be written.
        """

    async def outputs(self) -> list[Output]:
        """The outputs of earlier runs of this machine. A run that asks takes over those that killed runs left open."""

    async def has_articles(self, source: str) -> bool:
        """True for a source that had an article in any run."""

    async def count_pending(self, source: str) -> tuple[int, int]:
        """Number of URLs of a source that were never fetched and are due, and characters that they take."""

    async def count_articles(self, sources: Collection[str]) -> int:
        """Number of articles of some sources, in all runs."""

    async def has_article_among(self, urls: Sequence[str]) -> bool:
        """True where one of some URLs had an article."""

    async def site_memory(self, site: str) -> SiteMemory:
        """What is remembered of a site, by its host without ``www.``; empty for an unknown one.

        It is the same for the same pages, in whatever order and groups they were committed.
        """

    async def layouts(self, since: int) -> dict[str, list[Layout]]:
        """The layouts, oldest first, of each site with a new article since a time.

        Of a site the latest hundred are kept.
        """

    async def url_patterns(self, site: str) -> dict[str, PatternYield]:
        """How many of the pages with each URL pattern were articles, of a site (registrable domain).

        Each URL counts once, when it is first fetched. Patterns with few pages are not among them; of a site 500 are
        kept.
        """

    async def rendering(self, site: str) -> RenderingYield:
        """How many pages of a site (registrable domain) were rendered, by what that gave."""

    async def count_articles_in(self, path: str) -> int:
        """Number of articles whose line is in a file."""

    def close(self) -> None:
        """Release the ledger."""
