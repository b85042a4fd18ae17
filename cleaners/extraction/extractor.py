"""Calls trafilatura's extraction, with a memory (:mod:`cleaners.extraction.remembered`); no other module does."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from lxml.html import HtmlElement
from trafilatura.settings import Document, Extractor

from cleaners.blocks.measures import LINE, MUCH_PROSE, NON_BODY_TAGS, find_container, is_prose
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import KEPT_SHARE, BodyAlignment
from cleaners.extraction.main_subtree import copy_subtree, main_subtree
from cleaners.extraction.remembered import bare_extraction

MIN_KEPT_SHARE = 0.5
"""Share of the page's prose that the fast extraction must keep. Below it the full cascade of extractors is run.

The cascade costs twice as much and is better only there (docs/measurements.md).
"""

MIN_KEPT_CHARS = 400
"""Characters of kept prose below which the full cascade is run."""

MAX_CASCADE_BLOCKS = 4_000
"""Blocks of a page above which the full cascade is not run.

The time of jusText, one of its extractors, grows with the square of their number: 1 s for so many and 12 s for 14,000.
Of 4,503 development pages one has 2,616, the others 2,198 at most.
"""

CASCADE = Extractor(output_format="python", comments=False, tables=True)

FAST = Extractor(output_format="python", comments=False, tables=True, fast=True)

PRECISE = Extractor(output_format="python", comments=False, tables=True, fast=True, precision=True)
"""These three are copied for each page: reading trafilatura's configuration takes longer than a copy."""


def extract_body(tree: HtmlElement, blocks: Sequence[Block], url: str) -> BodyAlignment:
    """How much of each block trafilatura keeps; where it keeps nothing, the densest prose of the page."""
    around = main_subtree(blocks)
    if around is None:
        alignment = BodyAlignment.of(blocks, extract_lines(tree, url, FAST))
    else:
        lines = extract_lines(copy_subtree(around), url, FAST)
        alignment = BodyAlignment.of(blocks, lines, range(around.start, around.stop))
    if len(blocks) <= MAX_CASCADE_BLOCKS and needs_cascade(alignment, blocks):
        full = BodyAlignment.of(blocks, extract_lines(tree, url, CASCADE))
        if _kept_prose(full, blocks) > _kept_prose(alignment, blocks):
            alignment = full
    is_something = any(alignment.shares[b.index] >= KEPT_SHARE and b.weight >= LINE for b in blocks)
    return alignment if is_something else densest_prose(blocks)


def extract_lines(tree: HtmlElement, url: str, mode: Extractor) -> tuple[str, ...]:
    """The lines that trafilatura extracts as the body; empty when it finds none.

    Args:
        tree: the page, or the part of it to read.
        url: the page's URL.
        mode: ``FAST``, ``CASCADE`` or ``PRECISE``.

    The tree is not changed. ``deduplicate`` stays off because it keeps state between pages.
    """
    options = copy(mode)
    options.url = options.source = url.encode("utf-8", "replace").decode()
    document = bare_extraction(tree, options=options)
    if not isinstance(document, Document) or not document.text:
        return ()
    return tuple(line for line in document.text.splitlines() if line.strip())


def _kept_prose(alignment: BodyAlignment, blocks: Sequence[Block]) -> int:
    return sum(b.weight for b in blocks if alignment.shares[b.index] >= KEPT_SHARE and is_prose(b))


def needs_cascade(alignment: BodyAlignment, blocks: Sequence[Block]) -> bool:
    """True when little prose was kept, in characters or as a share of the page's prose, and the page has more prose."""
    prose_blocks = [b for b in blocks if is_prose(b)]
    prose = sum(b.weight for b in prose_blocks if not b.scope.flags & NON_BODY_TAGS)
    mine = _kept_prose(alignment, blocks)
    is_little = mine < MIN_KEPT_CHARS or mine < MIN_KEPT_SHARE * prose
    return is_little and mine < sum(b.weight for b in prose_blocks)


def densest_prose(blocks: Sequence[Block]) -> BodyAlignment:
    """The prose of the container that holds most of the page's prose.

    On a page without other prose, prose in menus, footers and asides counts if there is much of it: an element that is
    not closed may contain all that follows.
    """
    candidates = [b for b in blocks if is_prose(b) and b.link_share < 0.2]
    prose = [b for b in candidates if not b.scope.flags & NON_BODY_TAGS]
    if not prose and sum(b.weight for b in candidates) >= MUCH_PROSE:
        prose = candidates
    outer = find_container(prose)
    chosen = {b.index for b in prose if outer is not None and b.scope.is_within(outer)}
    return BodyAlignment(shares=tuple(float(b.index in chosen) for b in blocks))
