"""The features of the model in words."""

from __future__ import annotations

import pytest

from cleaners.labels.features import NAMES
from cleaners.labels.rules.rule import Authority
from crawler.presentation.html.feature_words import AUTHORITIES, in_words


def test_every_feature_has_words_of_its_own() -> None:
    assert len({in_words(name) for name in NAMES}) == len(NAMES)


def test_every_authority_has_words() -> None:
    assert set(AUTHORITIES) == set(Authority)


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ("text_score+0", "wording like article text"),
        ("kept-2", "share that trafilatura kept, two blocks before"),
        ("is_body~8", "text by the rules, in the eight blocks around"),
    ],
)
def test_a_feature(feature: str, words: str) -> None:
    assert in_words(feature) == words


@pytest.mark.parametrize("feature", ["", "nonsense", "kept-9", "-1"])
def test_what_is_no_feature(feature: str) -> None:
    with pytest.raises(KeyError):
        in_words(feature)
