"""Bytes of a feed or a sitemap to what it lists. Runs in a worker process: nothing of Scrapy is imported here."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.listings.types import Listing, ListingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a listing is read."""

    feed_entries: int = 5_000
    sitemap_urls: int = 50_000
    index_sitemaps: int = 5_000


def read(kind: str, data: bytes, url: str, limits: Limits) -> Listing:
    """Read a ``feed`` or a ``sitemap``; why it cannot be read is said in the value."""
    try:
        if kind == "feed":
            from crawler.listings.feeds import feed  # noqa: PLC0415  what parses is loaded where it is used, in the worker

            return feed(data, url, limits.feed_entries)
        from crawler.listings.sitemaps import sitemap  # noqa: PLC0415

        return sitemap(data, limits.sitemap_urls, limits.index_sitemaps)
    except ListingError as error:
        return Listing(kind=kind, error=str(error))
