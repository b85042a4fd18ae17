"""RSS, Atom and RDF feeds to entries, by feedparser.

It runs in a worker process: feedparser can take minutes on a feed that is built to be slow.
"""

from __future__ import annotations

import re
import time
from calendar import timegm
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import feedparser

from cleaners.urls.resolve import resolve_url
from crawler.frontier.listings.extent import extent
from crawler.frontier.listings.feed_entry import announcement, content_of
from crawler.frontier.listings.feed_licenses import FeedLicenses, feed_licenses
from crawler.frontier.listings.references import with_valid_references
from crawler.frontier.listings.types import Listing, ListingError, ListingKind
from crawler.types import Announcement, DiscoveredUrl, Role

EARLIEST_YEAR, LATEST_YEAR = 1995, 2100
"""The first year that is accepted, that of the first news sites; and the first year that is not."""

TAGS = re.compile(r"<[^<>]{1,200}>")


def read_feed(data: bytes, url: str, most: int) -> Listing:
    """Read a feed: the site that it declares as its own, and at most ``most`` entries, in feed order.

    Of a malformed feed feedparser reads as much as it can. It expands no entities and fetches no other file. A feed of
    more than it is given (:mod:`crawler.frontier.listings.extent`) is marked as cut.

    Raises:
        ListingError: when feedparser fails.
    """
    try:
        read = extent(with_valid_references(data), most)
        doc = feedparser.parse(BytesIO(read.data), response_headers={"content-location": url})
    except Exception as error:
        raise ListingError(f"feedparser cannot read it: {type(error).__name__}: {error}") from error
    home, licenses = doc.feed.get("link"), feed_licenses(read.data, url)
    listing = Listing.of(
        ListingKind.FEED,
        _entries(doc, licenses),
        most,
        resolve_url(url, home) if isinstance(home, str) else None,
    )
    return replace(listing, is_cut=listing.is_cut or not read.is_whole)


def _entries(doc: Any, licenses: FeedLicenses) -> Iterator[DiscoveredUrl]:
    for entry in doc.entries:
        link = entry.get("link")
        if isinstance(link, str) and (url := resolve_url("", link)):
            moment = dict.get(entry, "updated_parsed") or dict.get(entry, "published_parsed")
            announced = _announcement(entry, is_atom=doc.version.startswith("atom"), site=doc.feed.get("title"))
            if terms := licenses.of(url):
                announced = replace(announced, licenses=terms)
            yield DiscoveredUrl(url=url, role=Role.ARTICLE, lastmod=_moment(moment), announced=announced)


def _announcement(entry: Any, *, is_atom: bool, site: object) -> Announcement:
    """The metadata of an entry.

    The date of its last change is no date of publication; RSS 1.0 and Dublin Core have only one date, which is. An
    author with the feed's own title is the site, not a person.
    """
    date = dict.get(entry, "published") or ("" if is_atom else dict.get(entry, "updated"))
    title = entry.get("title")
    authors = [name for data in entry.get("authors", ()) if isinstance(name := data.get("name"), str) and name != site]
    tags = [term for category in entry.get("tags", ()) if isinstance(term := category.get("term"), str)]
    title = TAGS.sub("", title) if isinstance(title, str) else None
    return announcement(date, title, authors, tags, content_of(_content(entry)))


def _content(entry: Any) -> str:
    """The longest content of an entry: RSS has it in content:encoded or in the description, Atom in content."""
    texts = [content.get("value") for content in entry.get("content", ())]
    return max((text for text in (*texts, entry.get("summary")) if isinstance(text, str)), key=len, default="")


def _moment(parsed: object) -> int | None:
    """Seconds since 1970 of a UTC time that feedparser parsed; None outside of the accepted years."""
    if not isinstance(parsed, time.struct_time) or not EARLIEST_YEAR <= parsed.tm_year < LATEST_YEAR:
        return None
    return timegm(parsed)
