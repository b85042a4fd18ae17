"""The licences of a feed's entries: the RSS module of RSL 1.0, which feedparser does not read."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice

from lxml import etree

from cleaners.metadata import rsl

MARK = rsl.NAMESPACE.encode()
ENTRIES = ("item", "entry")
"""Elements of an entry in RSS and RDF, and in Atom."""


def feed_licenses(data: bytes) -> dict[str, tuple[str, ...]]:
    """The terms of the licences in a feed, by the link of their entry as it stands there; none in most feeds."""
    root = rsl.parse(data) if MARK in data else None
    terms: defaultdict[str, list[str]] = defaultdict(list)
    for content in root.iter(f"{{{rsl.NAMESPACE}}}content") if root is not None else ():
        entry = next((outer for outer in content.iterancestors() if _name(outer) in ENTRIES), None)
        link = _link(entry) if entry is not None else (content.get("url") or "")
        if link:
            terms[link.strip()] += rsl.terms_of(content)
    return {link: tuple(islice(dict.fromkeys(said), rsl.MAX_LICENSES)) for link, said in terms.items()}


def _link(entry: rsl.Element) -> str:
    """The link of an entry: text in RSS, an attribute in Atom."""
    links = [element for element in entry if _name(element) == "link"]
    return next((found for link in links if (found := (link.text or "").strip() or link.get("href") or "")), "")


def _name(element: rsl.Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
