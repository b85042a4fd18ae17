"""The rules of the labeller in the order in which they are tried: the first that matches a block decides."""

from __future__ import annotations

from collections.abc import Callable

from cleaners.blocks.segment import Block
from cleaners.labels.page_view import PageView
from cleaners.labels.rules import blocks, body, prompts, registry
from cleaners.types import Label

Matcher = Callable[[Block, PageView], Label | None]
"""Returns a label where its rule matches the block, else None."""

NEAR: tuple[Matcher, ...] = (
    blocks.no_words,
    blocks.headline,
    blocks.outside_story,
    blocks.captioned,
    blocks.standfirst,
    blocks.box_heading,
    blocks.whole_line,
    blocks.read_more,
    blocks.marked,
    prompts.prompt,
    blocks.bylined,
    blocks.furniture,
    blocks.link_line,
    blocks.linked,
    body.kept,
    body.recovered,
)
"""Tried on blocks near the article, and on prose anywhere. The first label is used."""

FAR: tuple[Matcher, ...] = (blocks.linked,)
"""Tried on links and short lines far from the article: menus and footers, two thirds of a page's blocks."""


def first_label(matchers: tuple[Matcher, ...], block: Block, view: PageView) -> Label:
    """The label of the first matcher that matches a block; ``unclaimed`` where none does."""
    for matcher in matchers:
        label = matcher(block, view)
        if label is not None:
            return label
    return registry.UNCLAIMED.label()
