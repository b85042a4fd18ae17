"""The labelled page: its blocks, what each of them is, and which stand in or near the article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cleaners.blocks.segment import Block
from cleaners.labels.page_view import View
from cleaners.labels.region import region
from cleaners.types import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A page's blocks with their labels."""

    view: View
    labels: tuple[Label, ...]
    """One a block of ``view.blocks``."""
    region: range
    """Indexes of the blocks in and near the article."""
    body: tuple[Block, ...]
    """Body blocks of the page, page order."""

    @classmethod
    def of(cls, view: View, labels: tuple[Label, ...]) -> Labelled:
        """Mark off the article's region."""
        body = tuple(block for block, label in zip(view.blocks, labels, strict=True) if label.is_body)
        return cls(view=view, labels=labels, region=region(view, labels), body=body)

    def near(self) -> Iterator[tuple[Block, Label]]:
        """Blocks of the region with their labels, page order."""
        return ((self.view.blocks[i], self.labels[i]) for i in self.region)

    def of_kind(self, *kinds: str) -> Iterator[Block]:
        """Blocks of the region that are of one of the kinds, page order."""
        return (block for block, label in self.near() if label.kind in kinds)
