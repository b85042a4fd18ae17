"""What a feed or sitemap lists, as values that a worker process sends back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Self

from crawler.types import Announcement, DiscoveredUrl, Role

ENTRIES_PER_TEXT = 500
"""Entries in one JSON text: 50,000 entries take 40 MB as objects and 5 MB as texts."""


class ListingError(ValueError):
    """A feed or sitemap that cannot be read; the message is the reason."""


class DocumentKind(StrEnum):
    """What a response is, by its first bytes."""

    PAGE = "page"
    FEED = "feed"
    SITEMAP = "sitemap"


class ListingKind(StrEnum):
    """The kind of a listing; for sitemaps the name of the root element."""

    FEED = "feed"
    URLSET = "urlset"
    SITEMAP_INDEX = "sitemapindex"


ROLES = {ListingKind.FEED: Role.ARTICLE, ListingKind.URLSET: Role.ARTICLE, ListingKind.SITEMAP_INDEX: Role.SITEMAP}
"""Role of the URLs of a listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Most entries that are read of a listing, by its kind.

    Feeds have 10 to 100 entries, some a thousand. The protocol allows 50,000 in a sitemap and in an index.
    """

    feed_entries: int = 5_000
    sitemap_urls: int = 50_000
    index_sitemaps: int = 5_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A feed or a sitemap that was read."""

    kind: str
    """A :class:`ListingKind`; a :class:`DocumentKind` where it could not be read."""
    home: str | None = None
    """URL of the site that a feed declares as its own."""
    texts: tuple[str, ...] = ()
    """Its entries as JSON, ``ENTRIES_PER_TEXT`` in each."""
    is_cut: bool = False
    """True where it lists more than was read."""
    error: str | None = None
    """Why it could not be read."""

    @classmethod
    def of(
        cls,
        kind: ListingKind,
        entries: Iterable[DiscoveredUrl],
        most: int,
        home: str | None = None,
    ) -> Self:
        """A listing of the first ``most`` entries."""
        remaining = iter(entries)
        wanted = islice(remaining, most)
        texts = tuple(iter(lambda: _packed(list(islice(wanted, ENTRIES_PER_TEXT))), "[]"))
        is_cut = next(remaining, None) is not None
        return cls(kind=kind, home=home, texts=texts, is_cut=is_cut)

    def entries(self) -> Iterator[DiscoveredUrl]:
        """Its entries, in order; ``ENTRIES_PER_TEXT`` of them at a time are parsed."""
        role = ROLES[ListingKind(self.kind)] if self.texts else Role.ARTICLE
        for text in self.texts:
            for url, lastmod, values in json.loads(text):
                announced = Announcement.of_values(values) if values else None
                yield DiscoveredUrl(url=url, role=role, lastmod=lastmod, announced=announced)


def _packed(entries: list[DiscoveredUrl]) -> str:
    return json.dumps([(item.url, item.lastmod, item.announced and item.announced.to_values()) for item in entries])


def to_seconds(moment: str) -> int:
    """An ISO 8601 date as seconds since 1970; UTC where it has no offset."""
    date = datetime.fromisoformat(moment)
    return int((date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp())
