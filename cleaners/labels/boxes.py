"""Boxes: what is set apart from the story's column is one thing, and is decided as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from cleaners.blocks.scope import HEADINGS, Scope
from cleaners.blocks.segment import Block
from cleaners.labels.page_view import PageView
from cleaners.types import BlockKind, Label

BOX_SHARE = 0.35
"""Largest share of the story's evidence in a box; an element with more is a part of the story."""

LEAST_LINES = 3
"""Lines of the shortest list whose entries must agree."""

MOST = 2 / 3
"""Share of a list's entries that decide for the others."""

SURE_OF_TEXT = 0.7
"""Mean probability from which the text below a removed heading stays. At 0.9 nine of eleven annotated sources lose: the
first line of a box is not always its heading."""

DOUBTFUL = 0.25
"""Probability from which an entry of a list follows the others: at 0 it would follow against all signs."""

SURE_HEADING = 0.8
"""Probability from which a subhead stays above removed text. With :func:`follow` no annotated source changes by more
than .0002 of F1, and 4% less furniture of made pages stays (docs/measurements.md)."""

MAX_BOX_BLOCKS = 12
"""Most blocks from a subhead to its text: a box of links between has up to ten."""

MAX_HEADING_CHARS = 90
"""Most characters of a line that heads a box without being marked as a heading."""

LISTS = ("ul", "ol", "dl")
LINES = frozenset(("p", "li", "dt", "dd", "span", "a", "td")) | HEADINGS
"""Elements that are no boxes."""


class Group(NamedTuple):
    """Blocks that are decided together."""

    rows: tuple[int, ...]
    """Their places among the blocks that the model decides, in page order; the first of a box is its heading."""
    is_list: bool


def groups(view: PageView, indexes: Sequence[int]) -> tuple[Group, ...]:
    """The boxes with a heading, and the lists, among the blocks that the model decides."""
    boxed: dict[Scope, list[int]] = defaultdict(list)
    listed: dict[Scope, list[int]] = defaultdict(list)
    for row, index in enumerate(indexes):
        block = view.blocks[index]
        box = view.boxes[index]
        if box is not None and box.tag not in LINES:
            boxed[box].append(row)
        if not block.block_scope.flags.isdisjoint(LISTS):
            inner = next(scope for scope in block.block_scope.chain() if scope.tag in LISTS)
            if not view.holds_container(inner):
                listed[inner].append(row)
    boxes_and_lists = [
        Group(tuple(rows), is_list=False)
        for box, rows in boxed.items()
        if len(rows) > 1 and _is_small(box, view) and _is_heading(view.blocks[indexes[rows[0]]])
    ]
    boxes_and_lists += [Group(tuple(rows), is_list=True) for rows in listed.values() if len(rows) >= LEAST_LINES]
    return tuple(boxes_and_lists)


def _is_small(box: Scope, view: PageView) -> bool:
    inside = sum(b.weight for b in view.within(box) if b.index in view.evidence_indexes)
    return inside <= BOX_SHARE * view.evidence_chars


def _is_heading(block: Block) -> bool:
    is_marked = bool(block.scope.flags & HEADINGS) or block.bold_share > 0.5
    # neither a date nor the time of an entry
    is_line = block.text[-1] not in ".!?。！？" and not any(map(str.isdigit, block.text))
    return len(block.text) <= MAX_HEADING_CHARS and (is_marked or is_line)


def agree(
    decisions: list[bool], probabilities: Sequence[float], required: Sequence[float], grouped: Sequence[Group]
) -> list[bool]:
    """The decisions, with each box and list decided as one.

    Args:
        decisions: whether each open block is body.
        probabilities: that each is body, by the model.
        required: the probability that each must exceed; more than 1 where a policy is final.
        grouped: what :func:`groups` returns.
    """
    decided = list(decisions)
    for group in grouped:
        mine = [row for row in group.rows if decided[row]]
        if group.is_list and len(mine) >= MOST * len(group.rows):
            for row in group.rows:
                decided[row] = decided[row] or (required[row] <= 1 and probabilities[row] >= DOUBTFUL)
            continue
        is_few = group.is_list and len(mine) <= (1 - MOST) * len(group.rows)
        if (is_few or (not group.is_list and not decided[group.rows[0]])) and not _is_sure(mine, probabilities):
            for row in mine:
                decided[row] = False
    return decided


def follow(
    decisions: Sequence[bool],
    probabilities: Sequence[float],
    required: Sequence[float],
    labels: Sequence[Label],
    indexes: Sequence[int],
) -> list[bool]:
    """The decisions, with each subhead as the text below it.

    It stays above a paragraph, also when a box is between, and goes with one right below that the model removed. The
    parameters are those of :func:`agree`, and the blocks' labels by the rules and their places on the page.
    """
    decided = list(decisions)
    for row in (row for row, label in enumerate(labels) if label.kind is BlockKind.SUBHEAD):
        below = next((r for r in range(row + 1, len(labels)) if labels[r].is_body), None)
        if below is None or labels[below].kind is BlockKind.SUBHEAD:
            continue
        distance = indexes[below] - indexes[row]
        if decided[below]:
            may_stay = required[row] <= 1 and probabilities[row] >= DOUBTFUL
            decided[row] |= may_stay and distance <= MAX_BOX_BLOCKS
        elif distance == 1 and probabilities[row] < SURE_HEADING:
            decided[row] = False
    return decided


def _is_sure(rows: Sequence[int], probabilities: Sequence[float]) -> bool:
    return sum(probabilities[row] for row in rows) >= SURE_OF_TEXT * len(rows)
