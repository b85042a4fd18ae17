"""RSS, Atom and RDF feeds to entries, by feedparser. Read in a worker process: it takes minutes for what is made to cost."""

from __future__ import annotations

import re
import time
from calendar import timegm
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import feedparser

from cleaners.urls.resolve import resolve_url
from crawler.listings.types import Entry, Listing, ListingError

EARLIEST_YEAR, LATEST_YEAR = 1995, 2100
"""Years of the first news sites, and of what no clock shows yet."""


REFERENCE = re.compile(rb"&#(?:0*([0-9]+)|[xX]0*([0-9a-fA-F]+));?")
LAST_CHARACTER = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)
MAX_REFERENCE_DIGITS = 8
"""Digits beyond which a reference names no character in any base."""


def feed(data: bytes, url: str, most: int) -> Listing:
    """The site a feed says it is of, and its entries, in feed order.

    Malformed feeds give what feedparser can read of them; it expands no entities and asks for no other file.

    Raises:
        ListingError: when it fails.
    """
    try:
        found = feedparser.parse(BytesIO(REFERENCE.sub(_character, data)), response_headers={"content-location": url})
    except Exception as error:
        raise ListingError(f"feedparser cannot read it: {type(error).__name__}: {error}") from error
    home = found.feed.get("link")
    return Listing.of("feed", _entries(found), most, resolve_url(url, home) if isinstance(home, str) else None)


def _character(reference: re.Match[bytes]) -> bytes:
    """A reference to a character as it stands; a space for one to half a character or to none, at which feedparser fails."""
    decimal, hexadecimal = reference.groups()
    digits = decimal or hexadecimal
    number = int(digits, 10 if decimal else 16) if len(digits) <= MAX_REFERENCE_DIGITS else LAST_CHARACTER + 1
    return reference[0] if number <= LAST_CHARACTER and number not in SURROGATES else b" "


def _entries(found: Any) -> Iterator[Entry]:
    for entry in found.entries:
        link = entry.get("link")
        if isinstance(link, str) and (address := resolve_url("", link)):
            moment = dict.get(entry, "updated_parsed") or dict.get(entry, "published_parsed")
            yield Entry(url=address, lastmod=_moment(moment))


def _moment(parsed: object) -> int | None:
    """A time in UTC as feedparser gives it."""
    if not isinstance(parsed, time.struct_time) or not EARLIEST_YEAR <= parsed.tm_year < LATEST_YEAR:
        return None
    return timegm(parsed)
