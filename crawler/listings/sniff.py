"""What a response is, told by its first bytes: page, feed or sitemap."""

from __future__ import annotations

import re

from scrapy.http import Response

from cleaners.types import PageRejected, Reason, Stage
from crawler.network.decompression import GZIP, DamagedStreamError, StreamTooLargeError, decompress

FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")
HEAD = 4_096
"""Bytes looked at: XML declaration, stylesheet and comments stand before the root element."""

MAX_SITEMAP_BYTES = 60_000_000
"""Bytes of an unpacked sitemap; the protocol allows 50 MB (sitemaps.org)."""


def body(response: Response) -> bytes:
    """The body, unpacked where the file itself is gzipped (``sitemap.xml.gz``).

    Raises:
        Refused: stage ``fetch``, ``damaged`` when it is cut or corrupt, ``too_large`` beyond ``MAX_SITEMAP_BYTES``.
    """
    if not response.body.startswith(GZIP):
        return response.body
    try:
        return decompress(response.body, "gzip", MAX_SITEMAP_BYTES)
    except DamagedStreamError as error:
        raise PageRejected(Stage.FETCH, Reason.DAMAGED, str(error)) from error
    except StreamTooLargeError as error:
        raise PageRejected(Stage.FETCH, Reason.TOO_LARGE, str(error)) from error


def kind(data: bytes) -> str:
    """``feed``, ``sitemap`` or ``page``."""
    head = data[:HEAD]
    if SITEMAP.search(head):
        return "sitemap"
    if FEED.search(head) and b"<html" not in head.lower():
        return "feed"
    return "page"
