"""Linear models over hashed words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cleaners.labels import words
from cleaners.models.linear import HashedTexts, Linear, save


def hashed(texts: list[list[int]]) -> HashedTexts:
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    hashes = np.array([value for text in texts for value in text], dtype=np.int64)
    return HashedTexts.of(rows, hashes, len(texts), 4)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([[1], [2]], [0.5 + 1, 0.5 - 2], id="one word each"),
        pytest.param([[1, 1, 1]], [0.5 + 1], id="a word that is repeated counts once"),
        pytest.param([[1, 2]], [0.5 - 1 / 2**0.5], id="texts have length 1, however many words"),
        pytest.param([[], [1 + 4]], [0.5, 0.5 + 1], id="no word; hashes beyond the columns"),
        pytest.param([], [], id="no text"),
    ],
)
def test_scores(texts: list[list[int]], expected: list[float]) -> None:
    model = Linear(np.array([0, 1, -2, 0], dtype=np.float32), 0.5)
    assert model.scores(hashed(texts)).tolist() == pytest.approx(expected)


def test_what_is_saved_is_read_with_its_names(tmp_path: Path) -> None:
    save(tmp_path / "words.npz", {"text": Linear(np.array([0.25, -1], dtype=np.float32), 2.0)})
    with np.load(tmp_path / "words.npz", allow_pickle=False) as arrays:
        assert arrays["text"].tolist() == [0.25, -1, 2]


def test_the_shipped_models_have_the_columns_that_the_hashes_are_for() -> None:
    assert {name: len(model.weights) for name, model in words.load().items()} == words.COLUMNS
