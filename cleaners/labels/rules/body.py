"""The rules that recognise body blocks: those that trafilatura kept, and those that it lost."""

from __future__ import annotations

from cleaners.blocks.measures import ends_sentence, is_prose, paragraph_shape
from cleaners.blocks.scope import HEADINGS
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import KEPT_SHARE
from cleaners.labels.page_view import PageView
from cleaners.labels.rules import registry
from cleaners.types import BlockKind, Label

MIN_KEY_POINT_CHARS = 20
"""Characters of the shortest summary point; shorter items before the body are controls."""

MAX_SUBHEAD_CHARS = 120
"""Characters of the longest subhead seen on the development pages' h2 to h4."""


def kept(block: Block, view: PageView) -> Label | None:
    """Blocks in the container that trafilatura kept, and a kept lead before it."""
    if _is_above_title(block, view):
        return None
    if view.kept_shares[block.index] >= KEPT_SHARE and (view.is_in_container(block) or _is_lead(block, view)):
        return registry.KEPT.label(body_kind(block, view), round(0.5 + 0.5 * view.kept_shares[block.index], 2))
    return None


def _is_above_title(block: Block, view: PageView) -> bool:
    return view.title_index is not None and block.index < view.title_index


def _is_lead(block: Block, view: PageView) -> bool:
    """True for prose between the headline and the container: a lead paragraph outside of it."""
    start, _ = view.container_range
    title = view.title_index
    return title is not None and title < block.index < start and is_prose(block)


def recovered(block: Block, view: PageView) -> Label | None:
    """Blocks that trafilatura lost: prose, list items, rows and subheads in the body, and leads before it."""
    if block.link_share > 0.5 and not (block.href or "").startswith("#"):
        return None
    if _is_lead(block, view):
        return registry.LEAD.label()
    if not view.is_in_container(block) or _is_above_title(block, view):
        return None
    flags = view.flags(block)
    is_between = view.first_evidence <= block.index <= view.last_evidence
    is_typical = paragraph_shape(block) == view.typical_shape
    if is_prose(block) and (is_between or is_typical or block.index < view.first_evidence):
        return registry.PROSE.label(body_kind(block, view))
    if is_between and (is_typical or is_subhead(block) or "data" in flags or flags & {"ul", "ol", "blockquote"}):
        return registry.BETWEEN.label(body_kind(block, view))
    if block.index < view.first_evidence and (
        (flags & {"ul", "ol"} and len(block.text) >= MIN_KEY_POINT_CHARS) or is_subhead(block)
    ):
        return registry.KEY_POINTS.label(body_kind(block, view))
    if is_typical and ends_sentence(block.text):
        return registry.TYPICAL.label(body_kind(block, view))
    return None


def body_kind(block: Block, view: PageView) -> BlockKind:
    """The body kind of a block, from its context."""
    flags = view.flags(block)
    if "embed" in view.marks(block):
        return BlockKind.EMBED
    if "data" in flags:
        return BlockKind.TABLE_ROW
    if "blockquote" in flags:
        return BlockKind.QUOTE
    if flags & {"ul", "ol", "dl"}:
        return BlockKind.LIST_ITEM
    return BlockKind.SUBHEAD if is_subhead(block) else BlockKind.PARAGRAPH


def is_subhead(block: Block) -> bool:
    """True for headings, and for short bold lines that do not end like a sentence."""
    is_bold_line = (
        block.bold_share > 0.9
        and len(block.text) <= MAX_SUBHEAD_CHARS
        and not block.text.endswith((".", "!", "。", ","))
    )
    return is_bold_line or bool(block.scope.flags & HEADINGS)
