"""What a response is, told by its first bytes and its Content-Type: page, feed, sitemap, or none of them."""

from __future__ import annotations

import re
import zlib

import feedparser
from lxml.etree import XMLSyntaxError
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


class DocumentError(ValueError):
    """A feed or sitemap that cannot be read; the message says why."""


def body(response: Response) -> bytes:
    """The body, unpacked where the file itself is gzipped (``sitemap.xml.gz``).

    Raises:
        DocumentError: when it is cut, damaged or unpacks to more than ``LARGEST_SITEMAP``.
    """
    if not gzip_magic_number(response):
        return response.body
    try:
        return gunzip(response.body, max_size=LARGEST_SITEMAP)
    except (OSError, EOFError, zlib.error) as error:
        raise DocumentError(f"damaged gzip: {error}") from error
    except Exception as error:  # Scrapy's own, private exception for too much data
        raise DocumentError(f"gzip that cannot be unpacked within {LARGEST_SITEMAP} bytes: {error}") from error


def kind(data: bytes) -> str:
    """``feed``, ``sitemap`` or ``page``."""
    head = data[:HEAD]
    if SITEMAP.search(head):
        return "sitemap"
    if FEED.search(head) and b"<html" not in head.lower():
        return "feed"
    return "page"


def entries(data: bytes, url: str) -> tuple[str | None, list[str]]:
    """The site a feed says it is of, and the addresses of its entries, in feed order.

    Malformed feeds give what feedparser can read of them.
    """
    feed = feedparser.parse(data, response_headers={"content-location": url})
    links = (entry.get("link") for entry in feed.entries)
    home = feed.feed.get("link")
    found = [address for link in links if isinstance(link, str) and (address := absolute("", link))]
    return absolute(url, home) if isinstance(home, str) else None, found


def locations(data: bytes) -> tuple[str, list[str]]:
    """A sitemap's type (``urlset`` or ``sitemapindex``) and the addresses it lists.

    Raises:
        DocumentError: when it has no root element.
    """
    try:
        sitemap = Sitemap(data)
    except (StopIteration, XMLSyntaxError) as error:
        raise DocumentError("no XML that could be read") from error
    return sitemap.type, [found for entry in sitemap if (found := absolute("", entry["loc"]))]
