"""The section of an article where only the visible page shows it: in its breadcrumb, or above its headline."""

from __future__ import annotations

import re
from itertools import islice

from cleaners.blocks.scope import common_scope
from cleaners.blocks.segment import Block
from cleaners.labels.labelled_page import LabelledPage
from cleaners.labels.rules import registry
from cleaners.metadata.declared import MAX_SECTION_WORDS
from cleaners.text.normalise import match_key
from cleaners.types import BlockKind

HOME = re.compile(
    r"home(?: ?page)?|startseite|inicio|accueil|главная|首页|الرئيسية|您的位置|you are here", re.IGNORECASE
)
"""Entries of a breadcrumb that are not sections."""

CRUMB = re.compile(r"\s{0,9}(?:[>›»/|→·:：]|&gt;|>>)+\s*")
"""The separator between the entries of a breadcrumb."""

KICKERS = (
    registry.UNCLAIMED.name,
    registry.LINK.name,
    *(registry.CLASS[word].name for word in ("navigation", "tags", "breadcrumb")),
)
"""Rules that label a section's name right above the headline."""

KICKER_LEVELS = 4
"""Most levels from the headline to its common ancestor with a kicker; that with a menu is further up."""

MENU = 3
"""Fewest links of a menu; a kicker may have one beside it (``News``, ``Politics``)."""


def crumb(labelled: LabelledPage, title: str | None) -> str | None:
    """The last short entry of the breadcrumb shown near the headline."""
    for block in labelled.of_kind(BlockKind.BREADCRUMB):
        entries = [entry.strip() for entry in CRUMB.split(block.text)]
        named = [entry for entry in entries if match_key(entry) != match_key(title or "") and is_section(entry)]
        if named:
            return named[-1]
    return None


def kicker(labelled: LabelledPage) -> str | None:
    """The short line right above the headline: the section's name on pages that declare none."""
    title = labelled.view.title_index
    if not title or labelled.labels[title - 1].rule not in KICKERS:
        return None
    block, headline = labelled.view.blocks[title - 1], labelled.view.blocks[title]
    if common_scope(block.block_scope, headline.block_scope).depth < headline.block_scope.depth - KICKER_LEVELS:
        return None
    text = block.text
    is_name = text.replace(" ", "").isalpha() and is_section(text)
    return text if is_name and not _is_menu_entry(block, labelled) else None


def _is_menu_entry(block: Block, labelled: LabelledPage) -> bool:
    """True for a block that is a link beside other links, or a row of links: a menu entry, or tags."""
    if not block.link_share:
        return False
    if sum(1 for _ in islice(block.block_scope.element.iter("a"), 2)) > 1:
        return True
    outer = block.block_scope.parent
    beside = [
        other
        for other in labelled.view.blocks[max(0, block.index - MENU) : block.index + MENU]
        if other.link_share > 0 and other.block_scope.parent is outer
    ]
    return len(beside) >= MENU


def is_section(text: str) -> bool:
    """True for a text that may be a section's name."""
    return 0 < len(text.split()) <= MAX_SECTION_WORDS and not HOME.fullmatch(text)
