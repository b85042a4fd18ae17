"""The head of an article as it is shown: what may be its standfirst, what is a masthead."""

from __future__ import annotations

import re

from cleaners.blocks.segment import Block
from cleaners.labels.lexicon import AD, BYLINE, DATE

LEAST_SUMMARY = 40
"""Weight of the shortest standfirst."""


SAME_START = 40
"""Letters that a standfirst shares with the page's description; sites cut the description anywhere after."""


NAMED = re.compile(rf"{BYLINE.pattern}|{DATE.pattern}|{AD.pattern}", re.IGNORECASE)
"""Lines of the head that are no standfirst, however long."""


def is_free_text(block: Block) -> bool:
    """True for running text: no link, no figure, no furniture, long enough for a standfirst."""
    return block.weight >= LEAST_SUMMARY and block.link_share < 0.5 and not block.scope.flags & NOT_FREE


NOT_FREE = frozenset(("figure", "figcaption", "caption", "nav", "footer", "button", "aside", "h1"))


def is_same_start(text: str, description: str) -> bool:
    """True when a text and a description begin alike, to where the shorter ends."""
    size = min(len(text), len(description), SAME_START)
    return size >= SAME_START // 2 and text[:size] == description[:size]


def leads_home(block: Block) -> bool:
    """True for a link to the front page: a masthead, whatever heading it is set in."""
    return block.link_share > 0.9 and bool(HOME_REFERENCE.fullmatch(block.href or ""))


HOME_REFERENCE = re.compile(r"(?:https?:)?(?://[^/?#]+)?/?", re.IGNORECASE)
"""A reference to a front page, with or without its host."""
