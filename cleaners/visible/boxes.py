"""The fact boxes of an article, from the blocks that are labelled so."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from cleaners.blocks.scope import HEADINGS, Scope
from cleaners.blocks.segment import Block
from cleaners.labels.labelled_page import LabelledPage
from cleaners.types import BlockKind, Box

HEADING_BOLD = 0.9
"""Share of bold letters from which a box's first line is its heading."""


def boxes(labelled: LabelledPage) -> tuple[Box, ...]:
    """The fact boxes in and near the article, in page order."""
    blocks = labelled.of_kind(BlockKind.FACT_BOX)
    return tuple(_box(list(group)) for _, group in groupby(blocks, lambda block: _element(block, labelled)))


def _element(block: Block, labelled: LabelledPage) -> Scope | None:
    """The outermost element around a block that names a fact box."""
    around = [scope for scope in block.scope.chain() if not labelled.view.holds_container(scope)]
    return next((scope for scope in reversed(around) if "fact_box" in scope.marks), None)


def _box(blocks: Sequence[Block]) -> Box:
    first = blocks[0]
    is_heading = bool(first.scope.flags & HEADINGS) or first.bold_share > HEADING_BOLD
    return Box(
        title=first.text if is_heading else None,
        text="\n".join(block.text for block in (blocks[1:] if is_heading else blocks)),
    )
