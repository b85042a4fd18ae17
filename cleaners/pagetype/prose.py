"""The prose of a page between the headlines of other pages: it distinguishes an article from a listing."""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.blocks.measures import NON_BODY_TAGS, is_prose
from cleaners.blocks.segment import Block
from cleaners.labels.page_view import PageView

HEADLINE = 25
"""Characters of the shortest link that counts as a headline in a listing."""

LINKED = 0.3
"""Share of link text from which a paragraph is a teaser, and a heading no headline of its page."""

BLURB = 2
"""Blocks of prose right below a headline that are its blurb."""

HEADED_WITHIN = 20
"""Most blocks between an article's headline and its text: bylines, share rows, a picture.

On listings there are hundreds.
"""


def is_headed(view: PageView) -> bool:
    """True when a headline that the page's head declares is right above the text: the page is no section."""
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
    """Characters of the longest run of prose between headlines, of all such runs, and of the headlines' blurbs."""
    breaks = {block.index for block in headlines}
    best = current = whole = blurbs = blurb = 0
    for block in view.blocks:
        if block.index in breaks:
            current, blurb = 0, BLURB
        elif not is_prose(block) or view.flags(block) & NON_BODY_TAGS or block.link_share >= LINKED:
            blurb = 0
        elif blurb:
            blurb -= 1
            blurbs += block.weight
        else:
            current += block.weight
            whole += block.weight
            best = max(best, current)
    return best, whole, blurbs
