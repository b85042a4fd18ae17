"""Rows of the ledger's tables, and the values that they stand for. No I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from cleaners.urls.identity import article_id
from crawler.ledger.types import ArticleState
from crawler.types import Announcement, DiscoveredUrl, Role

URL_COLUMNS = "url, role, lastmod, depth, announced, etag, last_modified"
ARTICLE_COLUMNS = "id, url, revision, fingerprint, signature, duplicate_of"


class UrlRow(NamedTuple):
    """A row of the table ``urls``. A URL's later fetches and mentions change what comes after ``depth``."""

    key: bytes
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


FIXED = UrlRow._fields.index("depth") + 1
"""Number of the first columns, which keep the values with which the row was inserted."""


def url_key(url: str) -> bytes:
    """Primary key of a URL: the same for http and https, ``www.``, tracking parameters, fragment or final slash."""
    return bytes.fromhex(article_id(url, None))


def placeholders(values: Iterable[Any]) -> str:
    """SQL placeholders for some values."""
    return ", ".join("?" for _ in values)


def to_json(announced: Announcement | None) -> str | None:
    """An announcement as it is stored."""
    return json.dumps(announced.to_values(), ensure_ascii=False) if announced is not None else None


def later_announcement(stored: str | None, announced: Announcement) -> str | None:
    """What is stored after a later announcement; what it lacks stays."""
    value = to_json(announced)
    if not stored or value == stored:
        return value
    return to_json(Announcement.of_values(json.loads(stored)).updated(announced))


def discovered_url(row: Sequence[Any], announced: Announcement | None = None) -> DiscoveredUrl:
    """A row of ``URL_COLUMNS`` as a URL; a current announcement takes precedence over the stored one."""
    url, role, lastmod, depth, stored, etag, last_modified = row
    if announced is None and stored:
        announced = Announcement.of_values(json.loads(stored))
    return DiscoveredUrl(
        url=url,
        role=Role(role),
        lastmod=lastmod,
        depth=depth,
        announced=announced,
        etag=etag,
        last_modified=last_modified,
    )


def article_state(row: Sequence[Any]) -> ArticleState:
    """A row of ``ARTICLE_COLUMNS`` as an article."""
    id_, url, revision, fingerprint, signature, duplicate_of = row
    return ArticleState(
        id=id_, url=url, revision=revision, fingerprint=fingerprint, signature=signature, duplicate_of=duplicate_of
    )
