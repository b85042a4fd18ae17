"""The rules that decide what is body: what trafilatura kept, and what it lost."""

from __future__ import annotations

from cleaners.blocks.measures import ends_sentence, is_sentence, shape
from cleaners.blocks.scope import HEADINGS
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import KEPT
from cleaners.labels.page_view import View
from cleaners.types import Label


def kept(block: Block, view: View) -> Label | None:
    """What trafilatura kept inside the container is body."""
    if _is_above_title(block, view):
        return None
    if view.kept[block.index] >= KEPT and (view.is_inside(block) or _is_lead(block, view)):
        return Label(kind=body_kind(block, view), rule="kept", score=round(0.5 + 0.5 * view.kept[block.index], 2))
    return None


def _is_above_title(block: Block, view: View) -> bool:
    return view.title_index is not None and block.index < view.title_index


def _is_lead(block: Block, view: View) -> bool:
    """True for prose between the headline and the container: a lead paragraph in a place of its own."""
    start, _ = view.span
    title = view.title_index
    return title is not None and title < block.index < start and is_sentence(block)


def recovered(block: Block, view: View) -> Label | None:
    """What trafilatura lost: prose, list items, rows and subheads among the body's blocks, and leads before them."""
    if block.link_share > 0.5 and not (block.href or "").startswith("#"):
        return None
    if _is_lead(block, view):
        return Label(kind="paragraph", rule="recovered:lead", score=0.6)
    if not view.is_inside(block) or _is_above_title(block, view):
        return None
    flags = view.flags(block)
    is_between = view.first <= block.index <= view.last
    is_usual = shape(block) == view.usual_signature
    if is_sentence(block) and (is_between or is_usual or block.index < view.first):
        return Label(kind=body_kind(block, view), rule="recovered:prose", score=0.7)
    if is_between and (is_usual or is_subhead(block) or "data" in flags or flags & {"ul", "ol", "blockquote"}):
        return Label(kind=body_kind(block, view), rule="recovered:between", score=0.6)
    if block.index < view.first and ((flags & {"ul", "ol"} and len(block.text) >= LEAST_POINT) or is_subhead(block)):
        return Label(kind=body_kind(block, view), rule="recovered:key_points", score=0.5)
    if is_usual and ends_sentence(block.text):
        return Label(kind=body_kind(block, view), rule="recovered:usual", score=0.6)
    return None


LEAST_POINT = 20
"""Characters of the shortest summary point; shorter items before the body are controls."""


def rest(block: Block, view: View) -> Label | None:
    """Whatever no rule knows is not the article."""
    return UNCLAIMED


UNCLAIMED = Label(kind="other", rule="unclaimed", score=0.5)


SUBHEAD = 120
"""Characters of the longest subhead seen on the development pages' h2 to h4."""


def body_kind(block: Block, view: View) -> str:
    """Which kind of body block this is, by where it stands."""
    flags = view.flags(block)
    if "embed" in view.marks(block):
        return "embed"
    if "data" in flags:
        return "table_row"
    if "blockquote" in flags:
        return "quote"
    if flags & {"ul", "ol", "dl"}:
        return "list_item"
    return "subhead" if is_subhead(block) else "paragraph"


def is_subhead(block: Block) -> bool:
    """True for headings, and for short bold lines that end like one."""
    is_bold_line = (
        block.bold_share > 0.9 and len(block.text) <= SUBHEAD and not block.text.endswith((".", "!", "。", ","))
    )
    return is_bold_line or bool(block.scope.flags & HEADINGS)
