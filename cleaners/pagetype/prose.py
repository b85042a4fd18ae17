"""How a page's prose lies between its headlines of other pages: what tells a listing from an article."""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.blocks.measures import APART, is_prose
from cleaners.blocks.segment import Block
from cleaners.labels.page_view import PageView

HEADLINE = 25
"""Characters of the shortest link that counts as a headline in a listing."""

LINKED = 0.3
"""Share of link text from which a paragraph is a teaser."""

BLURB = 2
"""Sentences right below a headline that are its blurb."""

HEADED_WITHIN = 20
"""Blocks between an article's headline and its text: bylines, share rows, a picture; on listings hundreds stand there."""


def is_headed(view: PageView) -> bool:
    """True when a headline that the page's head knows stands right above the text: it heads an article, not a section."""
    index = view.title_index
    if index is None:
        return False
    block = view.blocks[index]
    is_near = view.first_evidence - index <= HEADED_WITHIN
    return is_near and block.weight >= HEADLINE and block.link_share < LINKED


def is_headline(block: Block) -> bool:
    """True for a link long enough to be another page's headline, outside of navigation."""
    return block.link_share > 0.8 and block.weight >= HEADLINE and not block.scope.flags & {"nav", "footer"}


def runs(view: PageView, headlines: Sequence[Block]) -> tuple[int, int, int]:
    """Characters of the longest run of sentences that no headline breaks, of all such, and of the headlines' own blurbs."""
    breaks = {block.index for block in headlines}
    best = current = whole = blurbs = blurb = 0
    for block in view.blocks:
        if block.index in breaks:
            current, blurb = 0, BLURB
        elif not is_prose(block) or view.flags(block) & APART or block.link_share >= LINKED:
            blurb = 0
        elif blurb:
            blurb -= 1
            blurbs += block.weight
        else:
            current += block.weight
            whole += block.weight
            best = max(best, current)
    return best, whole, blurbs
