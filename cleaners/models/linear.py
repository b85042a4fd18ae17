"""Linear models over hashed words: the hash of a word chooses its column, and each column has a weight.

The columns need no list of words (the hashing trick, Weinberger et al., ICML 2009), so a model file holds numbers only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class HashedTexts:
    """The words of several texts as columns: each column at most once a text."""

    rows: NDArray[np.intp]
    """The text of each entry, ascending."""
    columns: NDArray[np.intp]
    """The column of each entry."""
    count: int
    """Number of texts."""

    @classmethod
    def of(cls, rows: NDArray[np.int64], hashes: NDArray[np.int64], count: int, size: int) -> Self:
        """The columns of ``count`` texts, given the text and the hash of each word.

        The model has ``size`` columns, a power of two: a division takes ten times as long as a bit mask.
        """
        entries = np.sort(rows * size + (hashes & (size - 1)))  # np.unique hashes, which takes ten times as long
        is_first = np.ones(len(entries), dtype=np.bool_)
        np.not_equal(entries[1:], entries[:-1], out=is_first[1:])
        entries = entries[is_first]
        return cls(entries >> (size.bit_length() - 1), entries & (size - 1), count)

    def of_texts(self, numbers: Sequence[int]) -> HashedTexts:
        """The columns of the texts with these numbers, in their order; a number may occur several times."""
        chosen = np.asarray(numbers, dtype=np.intp)
        sizes = np.bincount(self.rows, minlength=self.count)[chosen]
        starts = np.searchsorted(self.rows, chosen)
        ends = np.cumsum(sizes)
        places = np.arange(len(chosen) and ends[-1]) + np.repeat(starts - ends + sizes, sizes)
        return HashedTexts(np.repeat(np.arange(len(chosen)), sizes), self.columns[places], len(chosen))


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A linear model for one binary decision."""

    weights: NDArray[np.float32]
    """Log-odds that each column adds."""
    bias: float

    def scores(self, texts: HashedTexts) -> NDArray[np.float64]:
        """Log-odds of the positive class for each text: shape (texts.count,). Texts of any length weigh the same."""
        sums = np.bincount(texts.rows, weights=self.weights[texts.columns], minlength=texts.count)
        sizes = np.bincount(texts.rows, minlength=texts.count)
        return np.asarray(sums / np.sqrt(np.maximum(1, sizes)) + self.bias, dtype=np.float64)


def save(path: Path, models: dict[str, Linear]) -> None:
    """Write models as plain arrays in half precision, without pickles."""
    arrays = {name: np.append(model.weights, model.bias).astype(np.float16) for name, model in models.items()}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # numpy types the keyword allow_pickle only


@lru_cache(maxsize=1)
def load(name: str) -> dict[str, Linear]:
    """Load the linear models of a file that ships with the package, by name; it is read once per process."""
    with (
        files("cleaners.models").joinpath(f"{name}.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        return {key: Linear(arrays[key][:-1].astype(np.float32), float(arrays[key][-1])) for key in arrays.files}
