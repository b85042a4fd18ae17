"""How far a text can be trusted: the probability that it is the article's, whole, and nothing else.

A model looks at what cleaning knows of the page and of its own doubts. It was trained on annotated pages that were
cleaned by models which never saw their domain (``benchmarks/confidence.py``, docs/model-card.md).
"""

from __future__ import annotations

from cleaners.confidence.features import NAMES, TextView, text_features
from cleaners.models import forest
from cleaners.models.forest import Forest

__all__ = ["NAMES", "TextView", "text_confidence"]

DIGITS = 2
"""Digits of the probability: its calibration is not better than that."""


def text_confidence(text: TextView, model: Forest | None = None) -> float:
    """The calibrated probability, 0 to 1, that a text has F1 of at least .98 with a person's text of its page.

    ``model`` is the shipped one by default.
    """
    model = model or forest.load("confidence", NAMES)
    return round(float(model.probability(text_features(text))[0]), DIGITS)
