"""The blocks around the text that belong to the article itself: byline, date, section, tags."""

from __future__ import annotations

from collections.abc import Iterator

from cleaners.blocks.scope import HEADINGS, Scope, common_scope
from cleaners.blocks.segment import Block
from cleaners.extraction.main_subtree import main_subtree
from cleaners.labels.labelled_page import LabelledPage
from cleaners.labels.rules import registry
from cleaners.types import BlockKind, Label

OF_OTHERS = frozenset(
    (
        BlockKind.RELATED,
        BlockKind.MOST_READ,
        BlockKind.PROMO,
        BlockKind.COMMENTS,
        BlockKind.NEWSLETTER,
        BlockKind.AD,
    )
)
"""Kinds of blocks whose dates, names and tags belong to other pages."""

Furniture = tuple[tuple[Block, Label], ...]
"""The article's own furniture: see :func:`own_furniture`."""

MENUS = frozenset(("nav", "aside"))

WHOLE_PAGE = ("html", "body")

MIN_HEADING_LINK_SHARE = 0.8
"""Share of link text above which a heading leads to another article."""


def article_scope(labelled: LabelledPage) -> Scope | None:
    """The innermost element that holds the prose and the headline; None on a page without prose."""
    view = labelled.view
    around = main_subtree(view.blocks)
    if around is not None and view.title_index is not None:
        around = common_scope(around, view.blocks[view.title_index].block_scope)
    return around


def _home(labelled: LabelledPage) -> Scope | None:
    """The element of the article: its ``article`` element, else the innermost that holds prose and headline."""
    around = article_scope(labelled)
    if around is None or around.tag in WHOLE_PAGE:
        return None
    return next((scope for scope in around.chain() if scope.tag == "article"), around)


def own_furniture(labelled: LabelledPage) -> Furniture:
    """Blocks of the region that belong to the article and are not its text, in page order.

    A line of links inside the article's element belongs to it (``Filed under``); elsewhere it is a menu. Below that
    element, the first heading that links to another page starts the teasers of other articles.
    """
    return tuple(_own_furniture(labelled))


def _own_furniture(labelled: LabelledPage) -> Iterator[tuple[Block, Label]]:
    home = _home(labelled)
    last = labelled.body[-1].index if labelled.body else 0
    for block, label in labelled.near():
        is_inside = home is not None and block.scope.is_within(home) and not block.scope.flags & MENUS
        is_below = block.index > last
        if is_below and not is_inside and block.scope.flags & HEADINGS and block.link_share > MIN_HEADING_LINK_SHARE:
            return
        is_own_link = is_inside and label.rule in registry.ONLY_LINK
        if label.is_body or (label.kind in OF_OTHERS and not is_own_link):
            continue
        is_footer = is_below and "footer" in block.scope.flags
        if is_inside or not (label.kind is BlockKind.NAVIGATION or is_footer):
            yield block, label
