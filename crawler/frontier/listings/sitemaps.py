"""Sitemaps and sitemap indexes to entries (sitemaps.org), with the dates and titles of Google's news extension.

They are read as a stream: one entry at a time is in memory, whatever else the file has, and no entity is expanded.
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
from crawler.frontier.listings.references import with_valid_references
from crawler.frontier.listings.types import ROLES, Listing, ListingError, ListingKind, to_seconds
from crawler.types import Announcement, DiscoveredUrl, Role

ENTRIES = {ListingKind.URLSET: "url", ListingKind.SITEMAP_INDEX: "sitemap"}
"""Root elements, and the names of their entries."""

NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
"""XML namespace of Google's extension for news."""

MAX_ENTRY_ELEMENTS = 20_000
"""Most elements of one entry: a thousand images (Google's limit) with five fields each, and languages, are 6,000."""


def read_sitemap(data: bytes, most_urls: int, most_sitemaps: int) -> Listing:
    """What a sitemap or sitemap index lists, as far as it can be read.

    An entry with too many elements ends the listing, which is then marked as cut.

    Raises:
        ListingError: when it is no XML, or its root element is neither ``urlset`` nor ``sitemapindex``.
    """
    file = BytesIO(with_valid_references(data))
    parsing = etree.iterparse(
        file, events=("start", "end"), recover=True, resolve_entities=False, load_dtd=False, no_network=True,
        remove_comments=True, remove_pis=True, remove_blank_text=True, collect_ids=False, huge_tree=False,
    )  # fmt: skip
    try:
        _, root = next(parsing)
    except (StopIteration, etree.XMLSyntaxError) as error:
        raise ListingError("no XML that could be read") from error
    name = _name(root)
    if name not in ENTRIES:
        raise ListingError(f"the root element is {name}, not urlset or sitemapindex")
    kind = ListingKind(name)
    entries = Entries(parsing, root, ENTRIES[kind], ROLES[kind])
    listing = Listing.of(kind, entries, most_urls if kind is ListingKind.URLSET else most_sitemaps)
    return replace(listing, is_cut=listing.is_cut or not entries.is_whole)


class Entries:
    """The entries of a sitemap, as they are read."""

    def __init__(self, parsing: Any, root: Any, name: str, role: Role) -> None:
        self.parsing = parsing
        self.root = root
        self.name = name
        self.role = role
        self.is_whole = False
        """True once the end of the sitemap was read. It stays False where an entry has too many elements, or where
        libxml2 stopped at a limit of its own."""

    def __iter__(self) -> Iterator[DiscoveredUrl]:
        """Each entry in turn; its elements are then freed."""
        entry_elements = depth = 0
        for event, element in self.parsing:
            if event == "start":
                depth += 1
                entry_elements += 1
                if entry_elements > MAX_ENTRY_ELEMENTS:
                    return
                continue
            depth -= 1
            if element is self.root:
                self.is_whole = True
            elif not depth:
                if _name(element) == self.name and (entry := _entry(element, self.role)):
                    yield entry
                self.root.clear()
                entry_elements = 0


def _entry(element: Any, role: Role) -> DiscoveredUrl | None:
    """The entry of a ``url`` or ``sitemap`` element; None without a valid ``loc``."""
    own = {_name(child): _text(child) for child in element}
    news = {_name(child): _text(child) for child in element.iter(f"{NEWS}*")}
    url = resolve_url("", own.get("loc", ""))
    if url is None:
        return None
    published = parse_date(news.get("publication_date", ""), None)
    moment = parse_date(own.get("lastmod", ""), None) or published
    title = normalise(news.get("title", "")) or None
    announced = Announcement(published=published, title=title) if published or title else None
    return DiscoveredUrl(url=url, role=role, lastmod=to_seconds(moment) if moment else None, announced=announced)


def _text(element: Any) -> str:
    """An element's text; empty where lxml cannot decode it, as for a reference to a surrogate (``&#xD800;``)."""
    try:
        return (element.text or "").strip()
    except UnicodeDecodeError:
        return ""


def _name(element: Any) -> str:
    """An element's name without its namespace."""
    try:
        tag = element.tag
    except UnicodeDecodeError:  # of a namespace with a surrogate, which lxml cannot decode
        return str(element.xpath("local-name()"))
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
