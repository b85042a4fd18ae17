"""The labeller: every block of a page gets a :class:`~cleaners.types.Label`."""

from __future__ import annotations

from cleaners.labels.learnt import reconsider
from cleaners.labels.rules import RULES
from cleaners.labels.sequence import PASSES
from cleaners.labels.view import View
from cleaners.types import Label


def label(view: View, focus: str = "balanced") -> tuple[Label, ...]:
    """Label each block by rules, then let the model look again at what they left open."""
    return tuple(reconsider(by_rules(view), view, focus))


def by_rules(view: View) -> list[Label]:
    """Label each block by the first rule that knows it, then let the passes see the page as a whole."""
    labels = [next(found for rule in RULES if (found := rule(block, view))) for block in view.blocks]
    for look in PASSES:
        labels = look(labels, view)
    return labels
