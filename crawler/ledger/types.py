"""What is known across runs: of each address, each article, each output and each run. Values, and the Protocol of what keeps them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from crawler.listings.types import News


class LedgerError(Exception):
    """A ledger that cannot be used; the message names the file and the way out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredUrl:
    """An address that a listing, feed or sitemap names."""

    url: str
    role: str
    """``article``, ``section``, ``feed`` or ``sitemap``."""
    lastmod: int | None = None
    """When the listing says that it last changed, seconds since 1970."""
    depth: int = 0
    """Steps from the source: sections below sections, sitemaps below indexes."""
    news: News | None = None
    """What a Google News sitemap says of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the ledger knows of an address. Times are seconds since 1970."""

    url: str
    role: str
    etag: str | None = None
    """Entity tag of the last answer (RFC 9110, 8.8.3), sent back as If-None-Match."""
    last_modified: str | None = None
    """Last-Modified of the last answer as it stood there, sent back as If-Modified-Since."""
    fingerprint: str | None = None
    """Of the last answer's body."""
    article: str | None = None
    """Id of the article that stood there."""
    depth: int = 0
    """Steps from the source, as it was found first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleState:
    """What the ledger knows of an article."""

    id: str
    url: str
    revision: int
    """1 for the first text, one more each time the text changed."""
    fingerprint: str
    """Of the text."""
    signature: bytes | None = None
    """MinHash of the text: see :mod:`crawler.ledger.minhash`."""
    duplicate_of: str | None = None
    """Id of the first article with nearly the same text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRecord:
    """One address asked, and what came of it: what a commit writes."""

    url: str
    role: str
    source: str
    """Name of the source it belongs to: its address as the user gave it."""
    at: int
    """When it was asked, seconds since 1970."""
    status: int | None
    """HTTP status; None when no answer came."""
    etag: str | None = None
    last_modified: str | None = None
    fingerprint: str | None = None
    failed: str | None = None
    """Reason of a failure that may pass (network, 5xx, a worker's deadline); None for all else."""
    article: ArticleState | None = None
    """The article that stands there, new, changed or as before."""
    output: str | None = None
    """The file that has the article's line; None where none was written."""
    found: tuple[DiscoveredUrl, ...] = ()
    """What it lists: kept in the same transaction as the listing's own validators, or before."""
    is_part: bool = False
    """True for a part of what a listing lists: that it was read to its end is told later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A local output and how far its lines are in the ledger."""

    path: str
    offset: int
    """Bytes whose lines the ledger knows."""
    is_open: bool
    """True while a run writes it; still True after a run that was killed."""


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
    """What ``run.json`` held."""


class Ledger(Protocol):
    """Keeps what is known. One writer at a time; every method is whole or not done at all."""

    async def begin(self, pid: int, at: int) -> int:
        """Note that a run begins; its number."""

    async def end(self, run: int, at: int, status: int, report: dict[str, Any]) -> None:
        """Note how a run ended."""

    async def runs(self, limit: int) -> list[Run]:
        """The last runs, newest first."""

    async def known(self, urls: Iterable[str]) -> dict[str, Known]:
        """What is known of some addresses, by address as asked."""

    async def due(self, source: str, now: int, *, everything: bool = False) -> AsyncIterator[Known]:
        """Addresses of a source that are to be asked now, those that were never asked first; all with ``everything``."""
        yield Known(url="", role="")

    async def fresh(self, found: Sequence[DiscoveredUrl], now: int) -> list[Known]:
        """Those of the addresses found that are to be asked now: new, due, or changed since they were asked."""

    async def article(self, id_: str) -> ArticleState | None:
        """An article by its id."""

    async def same(self, fingerprint: str) -> list[ArticleState]:
        """Articles with exactly this text."""

    async def alike(self, bands: Collection[bytes]) -> list[ArticleState]:
        """Articles that share a band of their MinHash: candidates for near-duplicates."""

    async def commit(self, visited: Sequence[FetchRecord], outputs: Sequence[Output] = ()) -> None:
        """Write what came of some addresses, and how far the outputs reach, in one transaction."""

    async def outputs(self) -> list[Output]:
        """The outputs of earlier runs."""

    async def counts(self, source: str) -> tuple[int, int]:
        """Addresses known of a source, and those at which an article stands."""

    async def articles_in(self, path: str) -> int:
        """Articles whose line is in a file."""

    def close(self) -> None:
        """Let the file go."""
