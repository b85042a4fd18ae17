"""The labelled page: its blocks with their labels, and the region in and near the article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cleaners.blocks.segment import Block
from cleaners.labels.page_view import PageView
from cleaners.labels.rules import registry
from cleaners.types import BlockKind, Label

BLOCKS_BEFORE = 3
"""Blocks before the headline that still count as near: breadcrumb, kicker, label."""

BLOCKS_AFTER = 40
"""Blocks after the container that still count as near, up to the first navigation.

Related boxes, promos and biographies are there.
"""

FURNITURE = (registry.CLASS["navigation"].name, registry.FURNITURE.name)
"""Rules whose blocks, two in a row, are the start of the page's footer or menus; a single one is a pager."""


def region(view: PageView, labels: Sequence[Label]) -> range:
    """Indexes of the blocks in and near the article.

    Starts ``BLOCKS_BEFORE`` blocks before the headline or the first body block, and includes bylines and dates right
    above. Stops at most ``BLOCKS_AFTER`` blocks after the container or the last body block. Empty on a page without
    body blocks.
    """
    body = [index for index, label in enumerate(labels) if label.is_body]
    if not body:
        return range(0)
    title = view.title_index
    start = max(0, (min(body[0], title) if title is not None else body[0]) - BLOCKS_BEFORE)
    while start and labels[start - 1].kind in (BlockKind.BYLINE, BlockKind.DATE):
        start -= 1
    stop = inner = max(body[-1], view.container_range[1]) + 1
    while stop < min(len(labels), inner + BLOCKS_AFTER) and not all(
        label.rule in FURNITURE for label in labels[stop : stop + 2]
    ):
        stop += 1
    return range(start, stop)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPage:
    """A page's blocks with their labels."""

    view: PageView
    labels: tuple[Label, ...]
    """One for each block of ``view.blocks``."""
    region: range
    """Indexes of the blocks in and near the article."""
    body: tuple[Block, ...]
    """Body blocks, in page order."""

    @classmethod
    def of(cls, view: PageView, labels: tuple[Label, ...]) -> LabelledPage:
        """Make a labelled page: find the article's region and body."""
        body = tuple(block for block, label in zip(view.blocks, labels, strict=True) if label.is_body)
        return cls(view=view, labels=labels, region=region(view, labels), body=body)

    def near(self) -> Iterator[tuple[Block, Label]]:
        """Blocks of the region with their labels, in page order."""
        return ((self.view.blocks[i], self.labels[i]) for i in self.region)

    def of_kind(self, *kinds: BlockKind) -> Iterator[Block]:
        """Blocks of the region of these kinds, in page order."""
        return (block for block, label in self.near() if label.kind in kinds)
