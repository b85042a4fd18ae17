"""The labeller: every block of a page gets a :class:`~cleaners.types.Label`."""

from __future__ import annotations

from cleaners.labels.rules import RULES
from cleaners.labels.sequence import PASSES
from cleaners.labels.view import View
from cleaners.types import Label


def label(view: View) -> tuple[Label, ...]:
    """Label each block by the first rule that knows it, then let the passes see the page as a whole."""
    labels = [next(found for rule in RULES if (found := rule(block, view))) for block in view.blocks]
    for look in PASSES:
        labels = look(labels, view)
    return tuple(labels)
