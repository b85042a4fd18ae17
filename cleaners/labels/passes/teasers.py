"""The pass for teaser cards whose title appears twice."""

from __future__ import annotations

import itertools
from collections import Counter

from cleaners.blocks.scope import common_scope
from cleaners.blocks.segment import Block
from cleaners.labels.page_view import PageView
from cleaners.labels.rules import registry
from cleaners.types import BlockKind, Label

Labels = list[Label]

CARD = 8
"""Blocks of the largest teaser card found: section, two titles, byline, date, blurb, prompt, counter."""

FULL_STOPS = (".", "!", "。", ":", ";")

MAX_PAIRS = 2
"""Most times that a pair stands on a page as a card: a pair that stands more often is of the template."""

TEASER_KINDS = (
    BlockKind.PARAGRAPH,
    BlockKind.SUBHEAD,
    BlockKind.LIST_ITEM,
    BlockKind.PROMO,
    BlockKind.RELATED,
    BlockKind.OTHER,
)

TITLE = (12, 110)
"""Letters of a teaser's title, fewest and most."""


def doubled_titles(labels: Labels, view: PageView) -> Labels:
    """Remove teasers whose title appears twice, word for word or reworded, with what follows the first one.

    Two such lines in a row mark a teaser card. Cards follow the article, so body blocks after the first card are
    removed, those outside of cards with less authority. A pair counts only where little of the body follows it, and
    none of it in the element that holds most paragraphs.
    """
    pairs = _pairs(labels, view)
    last = _last_main_paragraph(view) if pairs else -1
    cards = [(a, b) for a, b in pairs if not _is_surrounded(a, view) and b >= last]
    if not cards:
        return labels
    inside = set(itertools.chain.from_iterable(_card(a, b, view) for a, b in cards))
    for block in view.blocks[min(a for a, _ in cards) :]:
        if labels[block.index].is_body:
            rule = registry.DOUBLED_TITLE if block.index in inside else registry.BELOW_CARDS
            labels[block.index] = rule.label()
    return labels


def _card(a: int, b: int, view: PageView) -> range:
    """The blocks of a card: those in the element around both titles; where there is none, the titles and the blurb."""
    around = common_scope(view.blocks[a].block_scope, view.blocks[b].block_scope)
    if view.holds_container(around) or around.stop - around.start > CARD:
        return range(a, b + 2)
    return range(min(a, around.start), max(b + 1, around.stop))


def _pairs(labels: Labels, view: PageView) -> list[tuple[int, int]]:
    lines = [
        b
        for b in view.blocks
        if labels[b.index].kind in TEASER_KINDS and TITLE[0] <= len(b.key) <= TITLE[1] and not view.is_hidden(b)
    ]
    pairs = [
        (a, b)
        for a, b in itertools.pairwise(lines)
        if b.index - a.index <= 2 and (a.key == b.key or is_reworded_card(a, b, view))
    ]
    count = Counter(a.key for a, _ in pairs)
    return [(a.index, b.index) for a, b in pairs if count[a.key] <= MAX_PAIRS]


def is_reworded_card(a: Block, b: Block, view: PageView) -> bool:
    """True when two lines are one headline in two wordings, in a card of their own; False for entries of one list."""
    if (
        not (is_headline_pair(a.text, b.text) and is_reworded(a.text, b.text))
        or a.block_scope.tag == b.block_scope.tag == "li"
    ):
        return False
    card = common_scope(a.block_scope, b.block_scope)
    around = view.blocks[max(0, a.index - CARD) : b.index + CARD + 1]
    return not view.holds_container(card) and sum(block.scope.is_within(card) for block in around) <= CARD


def is_headline_pair(a: str, b: str) -> bool:
    """True when both may be headlines: neither is a finished sentence, and a question is not followed by its answer."""
    return not (a.endswith(FULL_STOPS) or b.endswith(FULL_STOPS)) and a.endswith("?") == b.endswith("?")


def is_reworded(a: str, b: str) -> bool:
    """True when two titles share most of their words."""
    words_a, words_b = ({w for w in text.casefold().split() if len(w) > 3} for text in (a, b))
    return len(words_a & words_b) >= 3 and len(words_a & words_b) >= 0.6 * min(len(words_a), len(words_b))


def _last_main_paragraph(view: PageView) -> int:
    """Index of the last body paragraph in the element that holds most of them; -1 where there is none."""
    homes = Counter(id(b.block_scope.parent) for b in view.typical_paragraphs)
    main = homes.most_common(1)[0][0] if homes else None
    return max((b.index for b in view.typical_paragraphs if id(b.block_scope.parent) == main), default=-1)


def _is_surrounded(index: int, view: PageView) -> bool:
    """True when much of the body still follows: then the pair is a repetition in the article, not a teaser."""
    return view.evidence_below(index) > 0.35 * view.evidence_chars
