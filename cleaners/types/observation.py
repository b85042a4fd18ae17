"""Observation of one page for the memory of its site: hashes of the lines in and near its article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

IS_BODY = 1
"""The lowest bit of a stored line's hash: set where the line is in the page's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageObservation:
    """One page, as the memory of its site keeps it."""

    page: int
    """Hash of the page's URL, 64 bits."""
    day: int
    """When it was fetched, in days since 0001-01-01; 0 where that is not known."""
    author: int
    """Hash of the authors, 64 bits; 0 where the page names none."""
    lines: tuple[int, ...]
    """Hashes of the lines and of the places where they stand, ascending, 64 bits each; the lowest bit is
    :data:`IS_BODY`."""


class TextLine(NamedTuple):
    """One block of the text."""

    key: int
    """Its hash, without :data:`IS_BODY`."""
    weight: int
    """Its length in Latin characters."""
    rows: int
    """Number of lines that it has in the text: more than one in preformatted text."""
    path: str
    """The path of its element."""
    is_part: bool
    """True for a subhead, a row of a table, and a line that ends in a question mark or a colon: between paragraphs it
    introduces the next paragraph, and other articles may have the same line."""
    is_final: bool
    """True where a rule of the site or a policy says that it is text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedPage:
    """A cleaned page: its observation for the memory, and the lines of its text that may be removed as repeated."""

    site: str
    """The host without ``www.``."""
    observation: PageObservation
    layout: int
    """Hash of the tags and classes from the article's container outwards, 63 bits; 0 where there is none."""
    text: tuple[TextLine, ...]
    """The text's blocks, in order; empty where the text is not on the page (it is read from JSON-LD)."""
