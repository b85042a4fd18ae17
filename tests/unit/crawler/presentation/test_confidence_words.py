"""Every feature of the confidence model is a sentence."""

from __future__ import annotations

import pytest

from cleaners.confidence import NAMES, ConfidenceReason
from crawler.presentation.confidence_words import WORDINGS, Sentence, in_words


def test_each_feature_has_words_and_no_other() -> None:
    assert set(WORDINGS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_sentence_has_its_values(name: str) -> None:
    said = in_words(ConfidenceReason(name, 0.5, 0.25, 0.1)).words
    assert not said[0].islower()
    assert said.endswith(".")
    assert "{" not in said


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (("row_share", 0.28, 0.0, -0.4), (True, "Tables and embedded posts are 28% of the text (usually 0%).")),
        (("row_share", 0.0, 0.0, 0.4), (False, "Tables and embedded posts are 0% of the text.")),
        (("size", 7.6, 8.8, -0.2), (True, "The text has 1,997 letters and digits (usually 6,633).")),
        (("headed", 0.0, 1.0, -0.2), (True, "The text does not stand below a headline.")),
        (("declared_overlap", -1.0, 0.9, -0.1), (True, "The page declares no text.")),
        (("declared_overlap", 0.97, -1.0, 0.1), (False, "The text agrees with the one that the page declares to 97%.")),
        (("link_share", 0.004, 0.017, 0.1), (False, "Links are less than 1% of the text (usually 2%).")),
    ],
)
def test_reasons(reason: tuple[str, float, float, float], expected: tuple[bool, str]) -> None:
    assert in_words(ConfidenceReason(*reason)) == Sentence(*expected)
