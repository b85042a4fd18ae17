"""The labeller: every block of a page gets a :class:`~cleaners.types.Label`."""

from __future__ import annotations

from cleaners.blocks.segment import Block
from cleaners.labels.model import reconsider
from cleaners.labels.page_view import View
from cleaners.labels.passes.page import PASSES
from cleaners.labels.rules.blocks import FAR_RULES, RULES, Rule
from cleaners.labels.rules.body import UNCLAIMED
from cleaners.types import Label


def label(view: View, focus: str = "balanced") -> tuple[Label, ...]:
    """Label each block by rules, then let the model look again at what they left open."""
    return tuple(reconsider(by_rules(view), view, focus))


def by_rules(view: View) -> list[Label]:
    """Label each block by the first rule that knows it, then let the passes see the page as a whole."""
    labels = [first(RULES if view.is_near(block) else FAR_RULES, block, view) for block in view.blocks]
    for look in PASSES:
        labels = look(labels, view)
    return labels


def first(rules: tuple[Rule, ...], block: Block, view: View) -> Label:
    """What the first rule that knows a block says of it; the last knows every block."""
    for rule in rules:
        found = rule(block, view)
        if found is not None:
            return found
    return UNCLAIMED
