"""Bytes of a feed or sitemap to what it lists. Runs in a worker process, so Scrapy is not imported here."""

from __future__ import annotations

from codecs import BOM_UTF8 as BOM

from crawler.frontier.listings.types import LIMITS, DocumentKind, Limits, Listing, ListingError


def read_listing(kind: DocumentKind, data: bytes, url: str, limits: Limits = LIMITS) -> Listing:
    """Read a feed or a sitemap.

    Returns:
        The listing; where it cannot be read, ``error`` is the reason.
    """
    try:
        if kind == DocumentKind.FEED and data.removeprefix(BOM).lstrip()[:1] == b"{":
            from crawler.frontier.listings.json_feed import read_json_feed  # noqa: PLC0415  parsers are loaded in workers only

            return read_json_feed(data, url, limits.feed_entries)
        if kind == DocumentKind.FEED:
            from crawler.frontier.listings.feeds import read_feed  # noqa: PLC0415  parsers are loaded in the worker only

            return read_feed(data, url, limits.feed_entries)
        from crawler.frontier.listings.sitemaps import read_sitemap  # noqa: PLC0415

        return read_sitemap(data, limits.sitemap_urls, limits.index_sitemaps)
    except ListingError as error:
        return Listing(kind=kind, error=str(error))
