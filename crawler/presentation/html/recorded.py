"""A page with the labels of an earlier record, to compare with how the page is cleaned now."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from cleaners.explain import BlockDecision, Explanation
from cleaners.types import BODY_KINDS, Article, BlockKind, Label, Removal


def explain_as_recorded(explanation: Explanation, earlier: Article) -> Explanation:
    """The explanation with the labels that an earlier record gives its blocks.

    A block is body where the earlier text has its lines; otherwise its label is that of the removal ledger's entry with
    the same text, if there is one. A record has no other labels.
    """
    lines = Counter(earlier.text.split("\n"))
    removed = {removal.text: removal for removal in earlier.removed}
    blocks = []
    for block in explanation.blocks:
        own = block.text.split("\n")
        is_text = all(lines[line] > 0 for line in own)
        if is_text:
            lines.subtract(own)
        blocks.append(replace(block, label=_label(block, removed.get(block.text), is_text=is_text), weighed=()))
    return replace(explanation, article=earlier, rejection=None, blocks=tuple(blocks))


def _label(block: BlockDecision, removal: Removal | None, *, is_text: bool) -> Label:
    if is_text:
        kind = block.label.kind if block.label.kind in BODY_KINDS else BlockKind.PARAGRAPH
        return Label(kind=kind, rule="recorded", score=1.0)
    if removal is not None:
        return Label(kind=removal.kind, rule=removal.rule, score=removal.score)
    kind = BlockKind.OTHER if block.label.kind in BODY_KINDS else block.label.kind
    return Label(kind=kind, rule="recorded", score=1.0)
