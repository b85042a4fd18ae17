"""How far a text can be trusted: the probability that it is the article's, whole, and nothing else.

A model looks at what cleaning knows of the page and of its own doubts. It was trained on annotated pages that were
cleaned by models which never saw their domain (``benchmarks/confidence.py``, docs/model-card.md).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cleaners.confidence.features import NAMES, TextView, text_features
from cleaners.models import forest
from cleaners.models.forest import Forest

__all__ = ["NAMES", "ConfidenceReason", "TextView", "confidence_reasons", "text_confidence"]

DIGITS = 2
"""Digits of the probability: its calibration is not better than that."""


def text_confidence(text: TextView, model: Forest | None = None) -> float:
    """The calibrated probability, 0 to 1, that a text has F1 of at least .98 with a person's text of its page.

    ``model`` is the shipped one by default.
    """
    model = model or forest.load("confidence", NAMES)
    return round(float(model.probability(text_features(text))[0]), DIGITS)


class ConfidenceReason(NamedTuple):
    """A feature of a text, and what it does to the confidence."""

    feature: str
    """One of :data:`NAMES`."""
    value: float
    usual: float
    """The median of the texts that the model was trained on."""
    added: float
    """Log-odds of the text less those of the same text with the usual value."""


MIN_ADDED = 0.03
"""Log-odds below which a feature is no reason: they move a probability by less than one in a hundred."""


def confidence_reasons(text: TextView, most: int) -> tuple[ConfidenceReason, ...]:
    """The features that moved the confidence in a text most, the strongest first, ``most`` of them at most."""
    model = forest.load("confidence", NAMES)
    row = text_features(text)
    added = model.contributions(row, model.usual)[0]
    order = [column for column in np.argsort(-np.abs(added))[:most].tolist() if abs(added[column]) >= MIN_ADDED]
    return tuple(
        ConfidenceReason(NAMES[column], float(row[0, column]), float(model.usual[column]), float(added[column]))
        for column in order
    )
