"""Converts rows of the ledger's tables to values, and back. No I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from cleaners.urls.identity import article_id
from crawler.ledger.types import ArticleState
from crawler.types import Announcement, DiscoveredUrl, Role

ARTICLE_FIELDS = tuple(field.name for field in fields(ArticleState) if field.name != "counters")
ARTICLE_COLUMNS = ", ".join(ARTICLE_FIELDS)


class UrlRow(NamedTuple):
    """A row of the table ``urls``: one for each URL. Later fetches and listings change the columns after ``url``."""

    key: bytes
    """The same for all URLs of a page: see :func:`url_key`."""
    variant: bytes
    """Tells the URLs of a page apart; empty in rows of a ledger that kept one of them only."""
    url: str
    source: str
    found_in: str
    run: int
    depth: int
    role: str
    first_seen: int
    lastmod: int | None = None
    fetched: int | None = None
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    fingerprint: str | None = None
    changed: int | None = None
    due: int | None = None
    failures: int = 0
    reason: str | None = None
    article: str | None = None
    announced: str | None = None
    is_foreign: int = 0
    """1 for one that no listing of its own site has named."""
    page_class: str | None = None
    """What the page was when it was fetched last."""

    def discovered(self, announced: Announcement | None = None) -> DiscoveredUrl:
        """The URL as it is known; a current announcement takes precedence over the stored one."""
        if announced is None and self.announced:
            announced = Announcement.of_values(json.loads(self.announced))
        return DiscoveredUrl(
            url=self.url,
            role=Role(self.role),
            lastmod=self.lastmod,
            depth=self.depth,
            announced=announced,
            etag=self.etag,
            last_modified=self.last_modified,
            is_foreign=bool(self.is_foreign),
        )


ROW_CHARS = 100
"""Characters that a row of ``urls`` takes beside its texts: key, variant, numbers, and its place in the index."""

URL_COLUMNS = ", ".join(UrlRow._fields)

READ_URLS = f"SELECT {URL_COLUMNS} FROM urls WHERE key IN ({{keys}}) ORDER BY key, variant"

FIXED = UrlRow._fields.index("url") + 1
"""Number of the first columns, which keep the values with which the row was inserted."""


def url_key(url: str) -> bytes:
    """Key of a page: the same for http and https, ``www.``, tracking parameters, fragment or final slash."""
    return bytes.fromhex(article_id(url))


def placeholders(values: Iterable[object]) -> str:
    """SQL placeholders for some values."""
    return ", ".join("?" for _ in values)


def to_json(announced: Announcement | None) -> str | None:
    """An announcement as it is stored."""
    return json.dumps(announced.to_values(), ensure_ascii=False) if announced is not None else None


def later_announcement(stored: str | None, announced: Announcement) -> str | None:
    """Update a stored announcement with a later one; values that the later one lacks stay."""
    value = to_json(announced)
    if not stored or value == stored:
        return value
    return to_json(Announcement.of_values(json.loads(stored)).updated(announced))


def article_state(row: Sequence[Any]) -> ArticleState:
    """A row of ``ARTICLE_COLUMNS`` as an article."""
    return ArticleState(**dict(zip(ARTICLE_FIELDS, row, strict=True)))
