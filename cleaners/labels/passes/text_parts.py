"""The last pass: adds or removes the parts that some users count as text and others do not, as the options say."""

from __future__ import annotations

from cleaners.labels.page_view import PageView
from cleaners.labels.rules import registry
from cleaners.labels.rules.body import body_kind
from cleaners.options import TEXT_PARTS, TextPart
from cleaners.types import BlockKind, Label

OF_KIND = {
    BlockKind.STANDFIRST: TextPart.STANDFIRST,
    BlockKind.BYLINE: TextPart.BYLINE,
    BlockKind.FACT_BOX: TextPart.BOXES,
    BlockKind.EMBED: TextPart.EMBEDS,
    BlockKind.TABLE_ROW: TextPart.TABLES,
}
"""The part that a block of a kind is in."""


def with_parts(labels: list[Label], view: PageView, wanted: frozenset[TextPart]) -> list[Label]:
    """Add wanted parts that are not body by default, and remove unwanted parts that are."""
    if wanted == TEXT_PARTS:
        return labels
    first = next((i for i, label in enumerate(labels) if label.kind is BlockKind.PARAGRAPH), len(labels))
    above = range((view.title_index if view.title_index is not None else -1) + 1, first)
    for block, label in zip(view.blocks, labels, strict=True):
        part = OF_KIND.get(label.kind)
        if part is None and label.kind is BlockKind.LIST_ITEM and block.index < first:
            part = TextPart.KEY_POINTS
        if part is None or (part is TextPart.BYLINE and block.index not in above):
            continue
        if label.is_body and part not in wanted:
            labels[block.index] = registry.LEFT_OUT.label()
        elif not label.is_body and part in wanted:
            labels[block.index] = registry.TAKEN_IN.label(body_kind(block, view))
    return labels
