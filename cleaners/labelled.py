"""The labelled page: its blocks, what each of them is, and which stand in or near the article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cleaners.blocks import Block
from cleaners.labels.view import View
from cleaners.types import Label

BEFORE = 3
"""Blocks before the headline that still count as near: breadcrumb, kicker, label."""

NEAR = 40
"""Blocks after the container that still count as near, up to the first navigation: related boxes, promos and bios stand there."""

FURNITURE = ("class:navigation", "tag:furniture")
"""Rules whose blocks, two in a row, begin the page's footer or its menus; one alone is a pager."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A page's blocks with their labels."""

    view: View
    labels: tuple[Label, ...]
    """One a block of ``view.blocks``."""
    region: range
    """Indexes of the blocks in and near the article."""

    @classmethod
    def of(cls, view: View, labels: tuple[Label, ...]) -> Labelled:
        """Mark off the article's region."""
        return cls(view=view, labels=labels, region=region(view, labels))

    def near(self) -> Iterator[tuple[Block, Label]]:
        """Blocks of the region with their labels, page order."""
        return ((self.view.blocks[i], self.labels[i]) for i in self.region)

    def of_kind(self, *kinds: str) -> Iterator[Block]:
        """Blocks of the region that are of one of the kinds, page order."""
        return (block for block, label in self.near() if label.kind in kinds)

    def body(self) -> Iterator[Block]:
        """Body blocks of the page, page order."""
        return (block for block in self.view.blocks if self.labels[block.index].is_body)


def region(view: View, labels: tuple[Label, ...]) -> range:
    """Blocks from a little before the headline, or the first body block, to a little after the last block of the container."""
    body = [index for index, found in enumerate(labels) if found.is_body]
    if not body:
        return range(0)
    title = view.title_index
    start = max(0, (min(body[0], title) if title is not None else body[0]) - BEFORE)
    stop = inner = max(body[-1], view.span[1]) + 1
    while stop < min(len(labels), inner + NEAR) and not all(
        found.rule in FURNITURE for found in labels[stop : stop + 2]
    ):
        stop += 1
    return range(start, stop)
