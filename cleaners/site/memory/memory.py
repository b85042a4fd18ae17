"""The memory of a site: the last pages that were observed, and which lines they share.

Merging two memories does not depend on order or repetition: the latest observation of each page is kept, and of the
pages the latest. So the same pages give the same memory in any order, on any worker, after any restart.
"""

from __future__ import annotations

import struct
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from cleaners.types import IS_BODY, PageObservation

MAX_PAGES = 64
"""Pages of a site that are kept: with 300 lines of 8 bytes each at most 154 kB."""

MIN_SAME_ARTICLE_SHARE = 0.5
"""Share of common text above which two pages have the same article: an agency report, or a print version."""

VERSION = 1
"""Version of an observation's encoding. Other versions are not read; those pages are observed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMemory:
    """The last pages that were observed of a site."""

    pages: tuple[PageObservation, ...] = ()
    """Latest first; pages of the same day in the order of their hashes."""

    @classmethod
    def of(cls, pages: Iterable[PageObservation]) -> Self:
        """The memory of some pages, in any order."""
        latest: dict[int, PageObservation] = {}
        for page in pages:
            previous = latest.get(page.page)
            if previous is None or _rank(previous) < _rank(page):
                latest[page.page] = page
        return cls(pages=tuple(sorted(latest.values(), key=lambda page: (-page.day, page.page))[:MAX_PAGES]))

    def merge(self, other: Self) -> Self:
        """The memory of the pages of both."""
        return type(self).of((*self.pages, *other.pages))

    def shared_lines(self) -> SharedLines:
        """Return the lines that more than one page has. Of pages with the same article only the first counts."""
        lines: dict[int, int] = defaultdict(int)
        text: dict[int, int] = defaultdict(int)
        pages = _distinct_pages(self.pages)
        for number, page in enumerate(pages):
            for line in page.lines:
                lines[line & ~IS_BODY] |= 1 << number
                if line & IS_BODY:
                    text[line & ~IS_BODY] |= 1 << number
        shared = {key: pages for key, pages in lines.items() if pages & (pages - 1)}
        bare = tuple(replace(page, lines=()) for page in pages)  # of which only page and author are needed
        return SharedLines(pages=bare, lines=shared, text={key: text[key] for key in shared if key in text})


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLines:
    """The pages of a memory that have each line. A set of pages is an integer whose bit *n* stands for page *n*."""

    pages: tuple[PageObservation, ...]
    lines: dict[int, int]
    """The pages that have a line in or near the article, by line."""
    text: dict[int, int]
    """The pages that have a line in their text, by line."""


def _distinct_pages(pages: Sequence[PageObservation]) -> list[PageObservation]:
    """Return the pages except those that share more than half of the longer text's lines with an earlier page."""
    distinct: list[tuple[PageObservation, frozenset[int]]] = []
    for page in pages:
        text = frozenset(line for line in page.lines if line & IS_BODY)
        if not any(len(text & other) > MIN_SAME_ARTICLE_SHARE * max(1, len(text), len(other)) for _, other in distinct):
            distinct.append((page, text))
    return [page for page, _ in distinct]


def _rank(page: PageObservation) -> tuple[int, int, tuple[int, ...]]:
    return page.day, page.author, page.lines


def encode(page: PageObservation) -> bytes:
    """The bytes of an observation: version, page, day, author, then the lines, all little-endian."""
    return struct.pack(f"<BQIQ{len(page.lines)}Q", VERSION, page.page, page.day, page.author, *page.lines)


HEAD_BYTES = 21
"""Bytes before the lines."""


def decode(data: bytes) -> PageObservation | None:
    """The observation of :func:`encode`; None for bytes of another version, or damaged ones."""
    try:
        version, page, day, author = struct.unpack("<BQIQ", data[:HEAD_BYTES])
        lines = struct.unpack(f"<{(len(data) - HEAD_BYTES) // 8}Q", data[HEAD_BYTES:])
    except struct.error:
        return None
    return PageObservation(page=page, day=day, author=author, lines=lines) if version == VERSION else None


def to_text(page: PageObservation) -> str:
    """An observation in ASCII, for files of text."""
    return b64encode(encode(page)).decode()


def from_text(text: str) -> PageObservation | None:
    """The observation of :func:`to_text`; None where it is of another version, or damaged."""
    try:
        return decode(b64decode(text, validate=True))
    except ValueError:
        return None
