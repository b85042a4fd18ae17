"""What a response is, by its first bytes: page, feed or sitemap."""

from __future__ import annotations

import re

from scrapy.http import Response

from cleaners.types import PageRejected, Reason, Stage
from crawler.files.decompression import GZIP, DamagedStreamError, StreamTooLargeError, decompress
from crawler.frontier.listings.types import DocumentKind

FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
JSON_FEED = re.compile(
    rb"""^(?:\xef\xbb\xbf)?\s{0,99}\{.{0,2000}"version"\s{0,9}:\s{0,9}"https?:\\?/\\?/jsonfeed\.org""", re.DOTALL
)
"""A JSON Feed, whose first key should be its version (jsonfeed.org)."""
SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")
HEAD = 4_096
"""Bytes that are examined: XML declaration, stylesheet and comments come before the root element."""

MAX_SITEMAP_BYTES = 60_000_000
"""Bytes of a decompressed sitemap; the protocol allows 50 MB (sitemaps.org)."""


def file_content(response: Response) -> bytes:
    """The body of a response, decompressed where the file itself is gzipped (``sitemap.xml.gz``).

    Raises:
        PageRejected: stage ``fetch``; ``damaged`` when it is cut or corrupt, ``too_large`` beyond
            ``MAX_SITEMAP_BYTES``.
    """
    if not response.body.startswith(GZIP):
        return response.body
    try:
        return decompress(response.body, "gzip", MAX_SITEMAP_BYTES)
    except DamagedStreamError as error:
        raise PageRejected(Stage.FETCH, Reason.DAMAGED, str(error)) from error
    except StreamTooLargeError as error:
        raise PageRejected(Stage.FETCH, Reason.TOO_LARGE, str(error)) from error


def read_document(response: Response) -> tuple[DocumentKind, bytes]:
    """The kind and the content of a response.

    Raises:
        PageRejected: see :func:`file_content`.
    """
    data = file_content(response)
    return document_kind(data), data


def document_kind(data: bytes) -> DocumentKind:
    """The kind of a file, by its first bytes."""
    head = data[:HEAD]
    if SITEMAP.search(head):
        return DocumentKind.SITEMAP
    if FEED.search(head) and b"<html" not in head.lower():
        return DocumentKind.FEED
    if JSON_FEED.search(head):
        return DocumentKind.FEED
    return DocumentKind.PAGE
