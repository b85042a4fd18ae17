"""The pass for the boxes around prompts to sign up or to pay."""

from __future__ import annotations

from cleaners.blocks.scope import HEADINGS, Scope
from cleaners.blocks.segment import Block
from cleaners.labels.page_view import PageView
from cleaners.labels.passes.page import LOOSE
from cleaners.labels.rules import registry
from cleaners.labels.rules.blocks import SHORT
from cleaners.types import BlockKind, Label

Labels = list[Label]

PROMPT_RULES = (
    registry.CLASS["newsletter"].name,
    registry.PROMPT[BlockKind.NEWSLETTER].name,
    registry.PROMPT[BlockKind.PAYWALL].name,
)
"""Rules whose blocks determine the kind of the box around them."""

PROMPT_SHARE = 0.2
"""Largest share of the kept text in the box of a prompt; a box with more holds the body."""

MAX_OFFER_CHARS = 200
"""Most characters of a single text in such a box; paragraphs of the body are longer."""

MAX_PROMPT_BOX_CHARS = 600
"""Most characters of kept text in a prompt box."""

MAX_OFFER_SHARE = 0.6
"""Largest share of the kept text that may follow an offer, where an article is cut after two paragraphs."""


def prompts(labels: Labels, view: PageView) -> Labels:
    """Blocks in one box with a prompt to sign up or to pay belong to the prompt."""
    anchors = [b for b in view.blocks if labels[b.index].rule in PROMPT_RULES and view.is_in_container(b)]
    sized: dict[Scope, bool] = {}
    claimed: set[Scope] = set()
    for anchor in anchors:
        kind = labels[anchor.index].kind
        box = _prompt_box(anchor, view, sized)
        for block in view.within(box) if box is not None and box not in claimed else ():
            if labels[block.index].is_body or labels[block.index].rule in LOOSE:
                labels[block.index] = registry.IN_BOX.label(kind)
        if box is not None:
            claimed.add(box)
        if kind is BlockKind.PAYWALL and view.metadata.free_access is False and _is_offer(anchor, view):
            return _label_below_offer(anchor.index, labels, view)
    return labels


def _prompt_box(anchor: Block, view: PageView, sized: dict[Scope, bool]) -> Scope | None:
    """The largest scope around a prompt that is small enough for one; None when the prompt is among paragraphs.

    ``sized`` caches the result for each scope: hundreds of prompts may be in one scope.
    """
    best = None
    for scope in anchor.scope.chain():
        if scope not in sized:
            sized[scope] = _may_be_prompt(scope, view)
        if not sized[scope]:
            break
        best = scope
    return best


def _may_be_prompt(scope: Scope, view: PageView) -> bool:
    if scope is view.container or scope.element.find(".//body") is not None:
        return False
    inside = [b.weight for b in view.within(scope) if b.index in view.evidence_indexes]
    return (
        sum(inside) <= min(PROMPT_SHARE * view.evidence_chars, MAX_PROMPT_BOX_CHARS)
        and max(inside, default=0) <= MAX_OFFER_CHARS
    )


def _is_offer(block: Block, view: PageView) -> bool:
    """True for a heading, a linked or a short line with little of the body below it: the offer that ends an article."""
    is_line = bool(block.scope.flags & HEADINGS) or block.link_share > 0 or block.weight <= SHORT
    return is_line and view.typical_below(block.index) <= MAX_OFFER_SHARE * view.evidence_chars


def _label_below_offer(index: int, labels: Labels, view: PageView) -> Labels:
    """Label the body blocks and links below the offer that ends an article as part of it."""
    for block in view.blocks[index + 1 :]:
        label = labels[block.index]
        if label.is_body or (label.rule in registry.ONLY_LINK and view.is_in_container(block)):
            labels[block.index] = registry.BELOW_OFFER.label()
    return labels
