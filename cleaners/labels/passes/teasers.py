"""Teasers whose title stands twice: the pass of :mod:`cleaners.labels.passes.page` that knows cards."""

from __future__ import annotations

import itertools
from collections import Counter

from cleaners.blocks.scope import common
from cleaners.blocks.segment import Block
from cleaners.labels.page_view import View
from cleaners.types import Label

Labels = list[Label]


def doubled_titles(labels: Labels, view: View) -> Labels:
    """Teasers whose title stands twice, word for word or reworded, with all that belongs to them.

    Two such lines in a row name a card; the card is the largest scope around them that holds no other prose, and whatever
    follows the first card outside it was placed there to follow the article.
    """
    pairs = _pairs(labels, view)
    cards = [a for a, b in pairs if not _is_surrounded(a, view) and not _goes_on(b, view)]
    if not cards:
        return labels
    first = min(cards)
    for block in view.blocks[first:]:
        if labels[block.index].is_body:
            labels[block.index] = Label(kind="promo", rule="doubled_title", score=0.8)
    return labels


def _pairs(labels: Labels, view: View) -> list[tuple[int, int]]:
    lines = [b for b in view.blocks if labels[b.index].kind in TEASER_KINDS and TITLE[0] <= len(b.key) <= TITLE[1]]
    return [
        (a.index, b.index)
        for a, b in itertools.pairwise(lines)
        if b.index - a.index <= 2 and (a.key == b.key or is_reworded_card(a, b, view))
    ]


def is_reworded_card(a: Block, b: Block, view: View) -> bool:
    """True when two lines are one headline in two wordings, in a card of their own: entries of one list are not."""
    if not (is_headline_pair(a.text, b.text) and is_reworded(a.text, b.text)) or a.home.tag == b.home.tag == "li":
        return False
    card = common(a.home, b.home)
    around = view.blocks[max(0, a.index - CARD) : b.index + CARD + 1]
    return not view.holds_container(card) and sum(block.scope.is_within(card) for block in around) <= CARD


CARD = 8
"""Blocks of the largest teaser card seen: section, two titles, byline, date, blurb, prompt, counter."""


def is_headline_pair(a: str, b: str) -> bool:
    """True when both may be headlines: neither is a finished sentence, and a question is not followed by its answer."""
    return not (a.endswith(FULL_STOPS) or b.endswith(FULL_STOPS)) and a.endswith("?") == b.endswith("?")


FULL_STOPS = (".", "!", "。", ":", ";")


TEASER_KINDS = ("paragraph", "subhead", "list_item", "promo", "related", "other")
TITLE = (12, 110)
"""Letters of a teaser's title, fewest and most."""


def is_reworded(a: str, b: str) -> bool:
    """True when two titles share most of their words."""
    one, two = ({w for w in text.casefold().split() if len(w) > 3} for text in (a, b))
    return len(one & two) >= 3 and len(one & two) >= 0.6 * min(len(one), len(two))


def _goes_on(index: int, view: View) -> bool:
    """True when paragraphs of the body follow in the element that most of its paragraphs stand in."""
    homes = Counter(id(b.home.parent) for b in view.usual)
    main = homes.most_common(1)[0][0] if homes else None
    return any(id(b.home.parent) == main for b in view.usual if b.index > index)


def _is_surrounded(index: int, view: View) -> bool:
    """True when much of the body still follows: then the pair is a refrain, not the end."""
    after = sum(b.weight for b in view.strong if b.index > index)
    return after > 0.35 * view.mass
