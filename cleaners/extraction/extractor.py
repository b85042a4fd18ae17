"""Trafilatura's view of the page: the only file that calls its extraction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from copy import copy

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

from cleaners.blocks.measures import APART, LINE, find_container, is_prose
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import KEPT_SHARE, BodyAlignment
from cleaners.extraction.main_subtree import copy_subtree, main_subtree

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

MIN_KEPT_SHARE = 0.5
"""Share of the prose around the body that the fast extraction must keep. Below it the full cascade of extractors is asked:
it costs twice as much and is better only there (docs/measurements.md)."""

MIN_KEPT_CHARS = 400
"""Characters of kept prose below which the full cascade is asked."""

MAX_CASCADE_BLOCKS = 4_000
"""Blocks of a page above which it is not: jusText, one of them, takes the square of their number, 1 s for so many and 12 s for 14,000.
Of 4,503 development pages one has 2,616, the others 2,198 at most."""


def extract_body(tree: HtmlElement, blocks: Sequence[Block], url: str) -> BodyAlignment:
    """What trafilatura keeps of each block; the densest prose of the page where it keeps nothing."""
    around = main_subtree(blocks)
    if around is None:
        kept = BodyAlignment.of(blocks, extract_lines(tree, url, fast=True))
    else:
        lines = extract_lines(copy_subtree(around), url, fast=True)
        kept = BodyAlignment.of(blocks, lines, range(around.start, around.stop))
    if len(blocks) <= MAX_CASCADE_BLOCKS and needs_cascade(kept, blocks):
        full = BodyAlignment.of(blocks, extract_lines(tree, url, fast=False))
        if _kept_prose(full, blocks) > _kept_prose(kept, blocks):
            kept = full
    is_something = any(kept.shares[b.index] >= KEPT_SHARE and b.weight >= LINE for b in blocks)
    return kept if is_something else densest_prose(blocks)


def extract_lines(tree: HtmlElement, url: str, *, fast: bool) -> tuple[str, ...]:
    """The lines that trafilatura takes for the body; empty when it finds none.

    The tree is not changed. ``deduplicate`` stays off: it keeps state across pages.
    """
    options = copy(FAST if fast else CASCADE)
    options.url = options.source = url.encode("utf-8", "replace").decode()
    document = bare_extraction(tree, options=options)
    if not isinstance(document, Document) or not document.text:
        return ()
    return tuple(line for line in document.text.splitlines() if line.strip())


CASCADE = Extractor(output_format="python", comments=False, tables=True)
FAST = Extractor(output_format="python", comments=False, tables=True, fast=True)
"""Copied for each page, since reading trafilatura's configuration takes longer than a copy."""


def _kept_prose(kept: BodyAlignment, blocks: Sequence[Block]) -> int:
    return sum(b.weight for b in blocks if kept.shares[b.index] >= KEPT_SHARE and is_prose(b))


def needs_cascade(kept: BodyAlignment, blocks: Sequence[Block]) -> bool:
    """True when much prose stands outside of what was kept."""
    prose = sum(b.weight for b in blocks if is_prose(b) and not b.scope.flags & APART)
    mine = _kept_prose(kept, blocks)
    return mine < MIN_KEPT_CHARS or mine < MIN_KEPT_SHARE * prose


def densest_prose(blocks: Sequence[Block]) -> BodyAlignment:
    """The prose of the container that holds most of the page's prose, as a reader would find it."""
    prose = [b for b in blocks if is_prose(b) and b.link_share < 0.2 and not b.scope.flags & APART]
    outer = find_container(prose)
    chosen = {b.index for b in prose if outer is not None and b.scope.is_within(outer)}
    return BodyAlignment(shares=tuple(float(b.index in chosen) for b in blocks))
