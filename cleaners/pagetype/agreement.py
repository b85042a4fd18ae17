"""Whether other extraction modes read the same text on a page: then the page has one text, whatever is around it."""

from __future__ import annotations

import re
from collections import Counter

from cleaners.extraction.extractor import CASCADE, MAX_CASCADE_BLOCKS, PRECISE, extract_lines
from cleaners.labels.page_view import PageView

WORD = re.compile(r"\w+")


def agreement(view: PageView, text: str) -> float:
    """The share of words that a text has in common with trafilatura's text, in its precise mode and in its cascade.

    Returns:
        The smaller of the two shares, 0 to 1 (Dice coefficient of the bags of words). 0 for a page of more than
        ``MAX_CASCADE_BLOCKS`` blocks, on which the cascade is not run.
    """
    if not view.blocks or len(view.blocks) > MAX_CASCADE_BLOCKS:
        return 0.0
    tree = view.blocks[0].scope.element.getroottree().getroot()
    mine = _words(text)
    least = 1.0
    for mode in (PRECISE, CASCADE):  # the quicker one first: it differs on most listings
        theirs = _words("\n".join(extract_lines(tree, view.url, mode)))
        both = mine.total() + theirs.total()
        least = min(least, 2 * (mine & theirs).total() / both if both else 0.0)
        if not least:
            break
    return least


def _words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.casefold()))
