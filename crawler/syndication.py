"""RSS, Atom and RDF feeds to entries, by feedparser. Read in a worker process: it takes minutes for what is made to cost."""

from __future__ import annotations

import re
import time
from calendar import timegm
from collections.abc import Iterator
from typing import Any

import feedparser

from cleaners.addresses import absolute
from crawler.entries import Entry, Listing, ListingError

EARLIEST_YEAR, LATEST_YEAR = 1995, 2100
"""Years of the first news sites, and of what no clock shows yet."""


SURROGATE = re.compile(
    rb"&#(?:[xX]0{0,20}[dD][89a-fA-F][0-9a-fA-F]{2}|0{0,20}5(?:529[6-9]|5[3-9][0-9]{2}|6[0-9]{3}|7[0-2][0-9]{2}|73[0-3][0-9]|734[0-3]));"
)
"""References to halves of characters, which no text can hold; feedparser fails at them."""


def feed(data: bytes, url: str, most: int) -> Listing:
    """The site a feed says it is of, and its entries, in feed order.

    Malformed feeds give what feedparser can read of them; it expands no entities and asks for no other file.

    Raises:
        ListingError: when it fails.
    """
    try:
        found = feedparser.parse(SURROGATE.sub(b"", data), response_headers={"content-location": url})
    except Exception as error:
        raise ListingError(f"feedparser cannot read it: {type(error).__name__}: {error}") from error
    home = found.feed.get("link")
    return Listing.of("feed", _entries(found), most, absolute(url, home) if isinstance(home, str) else None)


def _entries(found: Any) -> Iterator[Entry]:
    for entry in found.entries:
        link = entry.get("link")
        if isinstance(link, str) and (address := absolute("", link)):
            moment = dict.get(entry, "updated_parsed") or dict.get(entry, "published_parsed")
            yield Entry(url=address, lastmod=_moment(moment))


def _moment(parsed: object) -> int | None:
    """A time in UTC as feedparser gives it."""
    if not isinstance(parsed, time.struct_time) or not EARLIEST_YEAR <= parsed.tm_year < LATEST_YEAR:
        return None
    return timegm(parsed)
