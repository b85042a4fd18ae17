"""The URLs of a page: each has a history of its own, and one of them is fetched. No I/O.

A page may be had at several URLs: over http and https, with ``www.``, for telephones, as AMP. They have one article
(:func:`cleaners.urls.identity.page_identity`), but one that is dead says nothing of the others. So of those that are
not fetched yet the plainest is fetched first, and the others stay due until one of them had an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cleaners.urls.identity import is_plain_form, plainness
from crawler.ledger.recrawl import LISTINGS, NOT_MODIFIED, OK, is_changed, is_due
from crawler.ledger.sql.rows import UrlRow
from crawler.types import DiscoveredUrl, Role

MAX_VARIANTS = 8
"""Most URLs of a page, beside the plain ones, that the ledger stores: sites have two or three."""


def has_room(url: str, page_urls: Iterable[str]) -> bool:
    """True where the ledger may keep one more URL of a page: any plain one, and some others.

    Args:
        url: the URL.
        page_urls: those of the page that it has.
    """
    return is_plain_form(url) or sum(not is_plain_form(page_url) for page_url in page_urls) < MAX_VARIANTS


def select(urls: Iterable[DiscoveredUrl], records: Sequence[UrlRow], started: int, now: int) -> Iterator[DiscoveredUrl]:
    """Those of the discovered URLs of a page that are to be fetched now, with what is known of them.

    Args:
        urls: the discovered URLs.
        records: what is known of the URLs of the page.
        started: when the run started.
        now: the time now.
    """
    rows = {row.url: row for row in records}
    whole = next((row for row in records if is_done(row)), None)
    pending = [row for row in records if row.fetched is None and is_due(row.due, now)]
    is_chosen = False
    for entry in sorted(urls, key=lambda entry: plainness(entry.url)):
        row = rows.get(entry.url)
        if row is not None and entry.is_foreign and not row.is_foreign:
            continue
        history = whole if whole is not None and (row is None or row.fetched is None) else row
        is_taken_over = row is not None and row.is_foreign and not entry.is_foreign and not row.article
        if history is None or is_taken_over:
            waiting = [plainness(variant.url) for variant in pending if entry.is_foreign or not variant.is_foreign]
            is_wanted = row is not None or not waiting or plainness(entry.url) < min(waiting)
        else:
            is_again = row is not None and is_due(row.due, now)
            is_wanted = is_again or is_changed(entry.lastmod, history.fetched, history.lastmod, started, now)
        is_first = row is None or row.fetched is None
        if is_wanted and not (is_first and is_chosen):
            is_chosen = True
            is_known = row is not None and not is_taken_over and (entry.is_foreign or not row.is_foreign)
            yield row.discovered(entry.announced) if row is not None and is_known else entry


def is_done(row: UrlRow) -> bool:
    """True for a URL that had an article, is a further page of one, or a listing that was read."""
    is_read = row.role in LISTINGS and row.status in (OK, NOT_MODIFIED)
    return row.article is not None or row.role == Role.NEXT or is_read


def is_superseded(row: UrlRow, others: Iterable[UrlRow]) -> bool:
    """True for a URL that need not be fetched again, since another one of its page had an article and is."""
    return any(other.article is not None and (row.article is None or other.due is not None) for other in others)
