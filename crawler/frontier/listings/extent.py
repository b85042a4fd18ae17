"""How much of a feed is read: its bytes are counted before feedparser, which reads a feed as a whole, gets them.

feedparser takes 0.2 ms for an entry, and some of its steps take quadratic time: in the attributes of an element, the
namespaces of a feed, the categories of an entry.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple
from xml.parsers import expat

from feedparser.encodings import convert_to_utf8

ENTRIES = frozenset((b"item", b"entry"))
"""Elements of an entry in RSS and RDF, and in Atom."""

MAX_ENTRY_ELEMENTS = 20_000
"""Most elements of one entry, as of a sitemap. The largest of 4,503 pages has 15,793, and an entry holds an article."""

MAX_ELEMENTS = 200_000
"""Most elements of a feed: 40 for each of 5,000 entries. feedparser takes 20 µs for one."""

FEW_ELEMENTS, BYTES_PER_ELEMENT = 10_000, 20
"""Elements that any feed may have, and the fewest bytes of the feed for each element beyond them.

Items with only a short title and a short URL have 21 bytes per element, full items of WordPress 60.
"""

MAX_ATTRIBUTES = 200
"""Most attributes of an element. Those of feeds have up to 10; the root, with its namespaces, has 30."""

MAX_NAMESPACES = 200
"""Most prefixes of namespaces that a feed declares; feeds of WordPress declare 10."""

MAX_REPEATED = 1_000
"""Most categories or keywords of an entry, of which 50 are read, and most beginnings of a comment in its text."""

MAX_BASES = 100
"""Most ``base`` attributes of an entry: feedparser joins each with the one around it, so that each URL is longer than
the one before."""

REPEATED = frozenset((b"category", b"subject", b"keywords", b""))
"""Elements that feedparser compares with all earlier ones; the empty name is the start of a comment, for whose end it
searches the whole remaining text."""

PART = re.compile(
    rb"<(?P<name>[^\W\d][^\s<>/=\"']*+)(?P<attributes>(?:[^<>\"']++|\"[^<\"]*+\"|'[^<']*+')*+)"
    rb"|(?P<ended></(?:[^\s<>/:]*+:)?(?i:item|entry)\s*+>)"
    rb"|(?:!|&#(?:0*+33|[xX]0*+21);?)(?:-|&#(?:0*+45|[xX]0*+2[dD]);?){2}"
)
"""A start tag, the end tag of an entry, or the beginning of a comment. Matches inside a comment or a text
count, too."""

ATTRIBUTE = re.compile(rb"=\s*+[\"']")
PREFIX = re.compile(rb"\bxmlns:([^\s=]++)")
BASE = re.compile(rb"\bbase\s*+=")


class Extent(NamedTuple):
    """The part of a feed that is read."""

    data: bytes
    is_whole: bool


def extent(data: bytes, most: int) -> Extent:
    """The first ``most`` entries of a feed, and fewer where one of them, or what is before it, exceeds a limit.

    The elements that are open where the feed is cut are closed, so that what is left is XML where the feed is.
    """
    plain = convert_to_utf8({}, data, {})
    end = _end(plain, most)
    return Extent(data, is_whole=True) if end is None else Extent(_close_elements(plain[:end]), is_whole=False)


def _end(data: bytes, most: int) -> int | None:
    """Offset of the first entry, or of the first part between entries, that is not read; None where all is read."""
    entries = elements = entry_elements = bases = begin = 0
    repeated: Counter[bytes] = Counter()
    prefixes: set[bytes] = set()
    for part in PART.finditer(data):
        if part["ended"]:
            entry_elements, bases, begin = 0, 0, part.end()
            repeated.clear()
            continue
        name, attributes = (part["name"] or b"").rpartition(b":")[2].lower(), part["attributes"] or b""
        if name in ENTRIES:
            entries += 1
            entry_elements, bases, begin = 0, 0, part.start()
            repeated.clear()
        if name:
            elements += 1
            entry_elements += 1
        if name in REPEATED:
            repeated[name] += 1
        if b"xmlns:" in attributes:
            prefixes.update(PREFIX.findall(attributes))
        if b"base" in attributes:
            bases += len(BASE.findall(attributes))
        if (
            entries > most
            or entry_elements > MAX_ENTRY_ELEMENTS
            or elements > min(MAX_ELEMENTS, FEW_ELEMENTS + part.end() // BYTES_PER_ELEMENT)
            or repeated[name] > MAX_REPEATED
            or bases > MAX_BASES
            or len(prefixes) > MAX_NAMESPACES
            or (attributes.count(b"=") > MAX_ATTRIBUTES and len(ATTRIBUTE.findall(attributes)) > MAX_ATTRIBUTES)
        ):
            return begin if entries else part.start()
    return None


def _close_elements(data: bytes) -> bytes:
    """Append the end tags of the open elements to a feed that was cut; unchanged where it is not well-formed XML."""
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: names.append(name)
    parser.EndElementHandler = lambda _: names.pop()
    try:
        parser.Parse(data, False)
    except expat.ExpatError:
        return data
    return data + "".join(f"</{name}>" for name in reversed(names)).encode()
