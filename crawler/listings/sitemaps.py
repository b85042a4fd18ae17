"""Sitemaps and their indexes to entries, with the dates and titles of Google's news extension (sitemaps.org).

They are read as a stream that keeps one entry at a time and expands no entity, whatever the file holds beside entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from lxml import etree

from cleaners.metadata.dates import parse_date
from cleaners.text.normalise import normalise
from cleaners.urls.resolve import resolve_url
from crawler.listings.types import Entry, Listing, ListingError, News, seconds

ENTRIES = {"urlset": "url", "sitemapindex": "sitemap"}
"""Root elements, and what they hold."""

NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
"""Name space of Google's extension for news."""

MAX_ENTRY_ELEMENTS = 20_000
"""Elements within one entry: a thousand pictures (Google's limit) with five fields each, and languages, are 6,000."""


def sitemap(data: bytes, most_urls: int, most_sitemaps: int) -> Listing:
    """What a sitemap or an index of sitemaps lists, as far as it can be read.

    Raises:
        ListingError: when it is no XML, or an entry is made of too many elements.
    """
    parsing = etree.iterparse(
        BytesIO(data), events=("start", "end"), recover=True, resolve_entities=False, load_dtd=False, no_network=True,
        remove_comments=True, remove_pis=True, remove_blank_text=True, collect_ids=False, huge_tree=False,
    )  # fmt: skip
    try:
        _, root = next(parsing)
    except (StopIteration, etree.XMLSyntaxError) as error:
        raise ListingError("no XML that could be read") from error
    kind = _name(root)
    if kind not in ENTRIES:
        raise ListingError(f"the root element is {kind}, not urlset or sitemapindex")
    entries = Entries(parsing, root, ENTRIES[kind])
    found = Listing.of(kind, entries, most_urls if kind == "urlset" else most_sitemaps)
    return replace(found, is_cut=found.is_cut or not entries.is_whole)


class Entries:
    """What a sitemap lists, as it is read."""

    def __init__(self, parsing: Any, root: Any, name: str) -> None:
        self.parsing = parsing
        self.root = root
        self.name = name
        self.is_whole = False
        """True when its end was read: not where an entry has too many elements, or libxml2 stopped at a limit of its own."""

    def __iter__(self) -> Iterator[Entry]:
        """Each entry in turn; what was read is kept until then only."""
        held = depth = 0
        for event, element in self.parsing:
            if event == "start":
                depth += 1
                held += 1
                if held > MAX_ENTRY_ELEMENTS:
                    return
                continue
            depth -= 1
            if element is self.root:
                self.is_whole = True
            elif not depth:
                if _name(element) == self.name and (entry := _entry(element)):
                    yield entry
                self.root.clear()
                held = 0


def _entry(element: Any) -> Entry | None:
    """An ``url`` or ``sitemap`` element; None without an address."""
    own = {_name(child): _text(child) for child in element}
    news = {_name(child): _text(child) for child in element.iter(f"{NEWS}*")}
    address = resolve_url("", own.get("loc", ""))
    if address is None:
        return None
    published = parse_date(news.get("publication_date", ""), None)
    moment = parse_date(own.get("lastmod", ""), None) or published
    title = normalise(news.get("title", "")) or None
    said = News(published=published, title=title) if published or title else None
    return Entry(url=address, lastmod=seconds(moment) if moment else None, news=said)


def _text(element: Any) -> str:
    """An element's text; none where lxml cannot give it, as that of a reference to half a character (``&#xD800;``)."""
    try:
        return (element.text or "").strip()
    except UnicodeDecodeError:
        return ""


def _name(element: Any) -> str:
    """An element's name without its name space."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""
