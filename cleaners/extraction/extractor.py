"""Trafilatura's view of the page: the only file that calls its extraction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from copy import copy

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

from cleaners.blocks.measures import APART, LINE, container, is_sentence
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import KEPT, Kept
from cleaners.extraction.main_subtree import excerpt, frame

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

DOUBT = 0.5
"""Share of the prose around the body that the fast extraction must keep. Below it the full cascade of extractors is asked:
it costs twice as much and is better only there (docs/measurements.md)."""

LEAST = 400
"""Characters of kept prose below which the full cascade is asked."""

MOST_BLOCKS = 4_000
"""Blocks of a page above which it is not: jusText, one of them, takes the square of their number, 1 s for so many and 12 s for 14,000.
Of 4,503 development pages one has 2,616, the others 2,198 at most."""


def kept_text(tree: HtmlElement, blocks: Sequence[Block], url: str) -> Kept:
    """What trafilatura keeps of each block; the densest prose of the page where it keeps nothing."""
    around = frame(blocks)
    if around is None:
        kept = Kept.of(blocks, main_text(tree, url, fast=True))
    else:
        lines = main_text(excerpt(around), url, fast=True)
        kept = Kept.of(blocks, lines, range(around.start, around.stop))
    if len(blocks) <= MOST_BLOCKS and is_doubtful(kept, blocks):
        full = Kept.of(blocks, main_text(tree, url, fast=False))
        if _kept_prose(full, blocks) > _kept_prose(kept, blocks):
            kept = full
    is_something = any(kept.shares[b.index] >= KEPT and b.weight >= LINE for b in blocks)
    return kept if is_something else densest(blocks)


def main_text(tree: HtmlElement, url: str, *, fast: bool) -> tuple[str, ...]:
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


def _kept_prose(kept: Kept, blocks: Sequence[Block]) -> int:
    return sum(b.weight for b in blocks if kept.shares[b.index] >= KEPT and is_sentence(b))


def is_doubtful(kept: Kept, blocks: Sequence[Block]) -> bool:
    """True when much prose stands outside of what was kept."""
    prose = sum(b.weight for b in blocks if is_sentence(b) and not b.scope.flags & APART)
    mine = _kept_prose(kept, blocks)
    return mine < LEAST or mine < DOUBT * prose


def densest(blocks: Sequence[Block]) -> Kept:
    """The prose of the container that holds most of the page's prose, as a reader would find it."""
    prose = [b for b in blocks if is_sentence(b) and b.link_share < 0.2 and not b.scope.flags & APART]
    outer = container(prose)
    chosen = {b.index for b in prose if outer is not None and b.scope.is_within(outer)}
    return Kept(shares=tuple(float(b.index in chosen) for b in blocks))
