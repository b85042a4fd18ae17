"""The licences of a feed's entries: the RSS module of RSL 1.0, which feedparser does not read."""

from __future__ import annotations

from typing import NamedTuple

from cleaners.metadata import rsl
from cleaners.urls.resolve import resolve_url

MARK = rsl.NAMESPACE.encode()
ENTRIES = ("item", "entry")
"""Elements of an entry in RSS and RDF, and in Atom."""

MAX_FEED_BYTES = 20_000_000
"""Bytes of a feed in which licences are read, where it names them at all."""


class FeedLicenses(NamedTuple):
    """The licences of a feed."""

    by_url: dict[str, tuple[str, ...]]
    """Terms by the URL of their entry."""
    common: tuple[rsl.SiteTerms, ...]
    """Terms of the feed itself, by place."""

    def of(self, url: str) -> tuple[str, ...]:
        """The terms of an entry: its own, or else those of the feed with the longest path that matches."""
        mine = [one for one in self.common if rsl.applies(one.place, url)]
        longest = max((rsl.length(one.place) for one in mine), default=-1)
        return self.by_url.get(url) or tuple(one.terms for one in mine if rsl.length(one.place) == longest)


NONE = FeedLicenses({}, ())


def feed_licenses(data: bytes, url: str) -> FeedLicenses:
    """The licences in a feed; none in most.

    Args:
        data: the feed.
        url: its URL, against which links are resolved.
    """
    root = rsl.parse(data, MAX_FEED_BYTES) if MARK in data else None
    if root is None:
        return NONE
    by_url: dict[str, tuple[str, ...]] = {}
    common = []
    for content in root.iter(f"{{{rsl.NAMESPACE}}}content"):
        terms, place = rsl.terms_of(content), (content.get("url") or "/").strip()
        entry = next((outer for outer in content.iterancestors() if _name(outer) in ENTRIES), None)
        if not terms:
            continue
        if entry is None:
            common.append(rsl.SiteTerms(place, terms))
        elif (link := resolve_url(url, _link(entry))) is not None:
            by_url[link] = (*by_url.get(link, ()), terms)[: rsl.MAX_LICENSES]
    return FeedLicenses(by_url, tuple(common))


def _link(entry: rsl.Element) -> str:
    """The link of an entry: text in RSS; in Atom that of the page itself, which has no ``rel`` or ``alternate``."""
    links = [element for element in entry if _name(element) == "link"]
    links.sort(key=lambda link: link.get("rel", "alternate") != "alternate")
    return next((found for link in links if (found := (link.text or "").strip() or link.get("href") or "")), "")


def _name(element: rsl.Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
