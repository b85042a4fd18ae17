"""What a response is, told by its first bytes and its Content-Type: page, feed, sitemap, or none of them."""

from __future__ import annotations

import re
import time
import zlib
from calendar import timegm
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser
from lxml.etree import XMLSyntaxError
from scrapy.http import Response
from scrapy.utils.gz import gunzip, gzip_magic_number
from scrapy.utils.sitemap import Sitemap

from cleaners.addresses import absolute
from cleaners.dates import iso
from cleaners.normalise import normalise

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


def entries(data: bytes, url: str) -> tuple[str | None, list[Entry]]:
    """The site a feed says it is of, and its entries, in feed order.

    Malformed feeds give what feedparser can read of them.
    """
    feed = feedparser.parse(data, response_headers={"content-location": url})
    home = feed.feed.get("link")
    found = [
        Entry(url=address, lastmod=_moment(dict.get(entry, "updated_parsed") or dict.get(entry, "published_parsed")))
        for entry in feed.entries
        if isinstance(link := entry.get("link"), str) and (address := absolute("", link))
    ]
    return absolute(url, home) if isinstance(home, str) else None, found


def _moment(parsed: object) -> int | None:
    """A time in UTC as feedparser gives it."""
    if not isinstance(parsed, time.struct_time) or not EARLIEST_YEAR <= parsed.tm_year < LATEST_YEAR:
        return None
    return timegm(parsed)


EARLIEST_YEAR, LATEST_YEAR = 1995, 2100
"""Years of the first news sites, and of what no clock shows yet."""


def locations(data: bytes, cut: Callable[[], None] = lambda: None) -> tuple[str, Iterator[Entry]]:
    """A sitemap's type (``urlset`` or ``sitemapindex``) and what it lists, read as it is asked for.

    The date is ``lastmod``, or that of the Google News extension. ``cut`` is called where more than ``MOST_ENTRIES`` are listed.

    Raises:
        DocumentError: at once, when it has no root element.
    """
    try:
        sitemap = NewsSitemap(data)
    except (StopIteration, XMLSyntaxError) as error:
        raise DocumentError("no XML that could be read") from error
    return sitemap.type, _entries(sitemap, cut)


def _entries(sitemap: NewsSitemap, cut: Callable[[], None]) -> Iterator[Entry]:
    for number, entry in enumerate(sitemap):
        if number >= MOST_ENTRIES:
            cut()
            return
        if address := absolute("", entry.get("loc", "")):
            published = iso(entry.get("publication_date"), None)
            moment, title = iso(entry.get("lastmod"), None) or published, normalise(entry.get("news_title", ""))
            news = News(published=published, title=title or None) if published or title else None
            yield Entry(url=address, lastmod=seconds(moment) if moment else None, news=news)


MOST_ENTRIES = 50_000
"""Entries of a sitemap, as the protocol has it (sitemaps.org); what a file has beyond is not read."""


NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
"""Name space of Google's extension for news."""


class NewsSitemap(Sitemap):
    """Scrapy's reader, which gives no text for elements of extensions: ``news:publication_date`` and ``news:title`` are read here."""

    def _process_sitemap_element(self, elem: Any) -> dict[str, Any] | None:
        news = {e.tag: e.text or "" for e in elem.iter() if isinstance(e.tag, str) and e.tag.startswith(NEWS)}
        said = super()._process_sitemap_element(elem)  # empties the element
        if said is not None:
            said["publication_date"] = news.get(f"{NEWS}publication_date", "").strip()
            said["news_title"] = news.get(f"{NEWS}title", "").strip()
        return said


def seconds(moment: str) -> int:
    """An ISO 8601 date as seconds since 1970, in UTC where it gives no offset."""
    found = datetime.fromisoformat(moment)
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
