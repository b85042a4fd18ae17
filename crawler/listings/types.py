"""What a feed or a sitemap lists, as values that cross from a worker process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a Google News sitemap says of an article."""

    published: str | None = None
    """ISO 8601."""
    title: str | None = None
    """The headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One address that a feed or a sitemap lists."""

    url: str
    lastmod: int | None = None
    """When it last changed, or was published, seconds since 1970; None where it says nothing that can be read."""
    news: News | None = None
    """What a Google News sitemap says of it."""


class ListingError(ValueError):
    """A feed or a sitemap that cannot be read; the message says why."""


PACKED = 500
"""Entries in one text: 50,000 entries take 40 MB, as texts 5 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A feed or a sitemap that was read."""

    kind: str
    """``feed``, ``urlset`` or ``sitemapindex``."""
    home: str | None = None
    """The site that a feed says it is of."""
    texts: tuple[str, ...] = ()
    """Its entries as JSON, ``PACKED`` in each."""
    is_cut: bool = False
    """True where it lists more than is read."""
    error: str | None = None
    """Why it could not be read."""

    @classmethod
    def of(cls, kind: str, entries: Iterable[Entry], most: int, home: str | None = None) -> Self:
        """As many of the entries as are read."""
        found = iter(entries)
        wanted = islice(found, most)
        texts = tuple(iter(lambda: _text(list(islice(wanted, PACKED))), "[]"))
        return cls(kind=kind, home=home, texts=texts, is_cut=next(found, None) is not None)

    def entries(self) -> Iterator[Entry]:
        """What it lists, in order; few are in memory at a time."""
        for text in self.texts:
            for url, lastmod, published, title in json.loads(text):
                news = News(published=published, title=title) if published or title else None
                yield Entry(url=url, lastmod=lastmod, news=news)


def _text(entries: list[Entry]) -> str:
    nothing = News()
    rows = [(one.url, one.lastmod, (one.news or nothing).published, (one.news or nothing).title) for one in entries]
    return json.dumps(rows)


def seconds(moment: str) -> int:
    """An ISO 8601 date as seconds since 1970, in UTC where it gives no offset."""
    found = datetime.fromisoformat(moment)
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
