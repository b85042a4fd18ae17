"""What a response is, told by its first bytes and its Content-Type: page, feed, sitemap, or none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import feedparser
from scrapy.http import Response
from scrapy.utils.gz import gunzip, gzip_magic_number
from scrapy.utils.sitemap import Sitemap

from cleaners.addresses import absolute

FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")
HEAD = 4_096
"""Bytes looked at: XML declaration, stylesheet and comments stand before the root element."""

LARGEST_SITEMAP = 60_000_000
"""Bytes of an unpacked sitemap; the protocol allows 50 MB (sitemaps.org)."""


def body(response: Response) -> bytes:
    """The body, unpacked where the file itself is gzipped (``sitemap.xml.gz``)."""
    return gunzip(response.body, max_size=LARGEST_SITEMAP) if gzip_magic_number(response) else response.body


def kind(data: bytes) -> str:
    """``feed``, ``sitemap`` or ``page``."""
    head = data[:HEAD]
    if SITEMAP.search(head):
        return "sitemap"
    if FEED.search(head) and b"<html" not in head.lower():
        return "feed"
    return "page"


def entries(data: bytes, url: str) -> Iterator[str]:
    """Addresses of a feed's entries, in feed order.

    Malformed feeds give what feedparser can read of them.
    """
    feed = feedparser.parse(data, response_headers={"content-location": url})
    for entry in feed.entries:
        link = entry.get("link")
        found = absolute("", link) if isinstance(link, str) else None
        if found:
            yield found


def locations(data: bytes) -> tuple[str, list[str]]:
    """A sitemap's type (``urlset`` or ``sitemapindex``) and the addresses it lists."""
    sitemap = Sitemap(data)
    return sitemap.type, [found for entry in sitemap if (found := absolute("", entry["loc"]))]
