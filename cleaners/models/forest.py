"""Learnt models: boosted decision trees as plain arrays, evaluated with NumPy alone.

A tree's leaves are numbered from left to right. A test that fails rules out all leaves to its left below it, so the leaf a
row ends in is the first that no failed test has ruled out (QuickScorer, Lucchese et al., SIGIR 2015): all tests of all trees
are made at once, without walking.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

LEAVES = 16
"""Most leaves of a tree: one bit each of a 16-bit word."""

FIRST_LEAF = np.zeros(1 << LEAVES, dtype=np.uint8)
"""Number of the lowest bit that is set in each 16-bit word."""
for _bit in reversed(range(LEAVES)):
    FIRST_LEAF[1 << _bit :: 1 << (_bit + 1)] = _bit


class Forest:
    """Boosted trees for one yes-or-no question."""

    def __init__(
        self,
        columns: NDArray[np.int16],
        bounds: NDArray[np.float32],
        masks: NDArray[np.uint16],
        values: NDArray[np.float32],
    ) -> None:
        self.columns = columns
        """Column each test reads; shape (trees, LEAVES - 1)."""
        self.bounds = bounds
        """A test holds when its column is at most this; infinite for tests a smaller tree does not have. Same shape."""
        self.masks = masks
        """Leaves that are still possible when the test fails, one bit each. Same shape."""
        self.values = values
        """What each leaf adds to the logarithm of the odds; shape (trees, LEAVES)."""

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability of yes for each row; ``rows`` has shape (count, columns)."""
        failed = rows[:, self.columns.reshape(-1)] > self.bounds.reshape(-1)
        shape = (len(rows), *self.columns.shape)
        left = np.where(failed.reshape(shape), self.masks, np.uint16(0xFFFF))
        leaf = FIRST_LEAF[np.bitwise_and.reduce(left, axis=2)]
        odds = self.values[np.arange(len(self.values)), leaf].sum(axis=1, dtype=np.float64)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float64)


@lru_cache(maxsize=2)
def load(name: str) -> Forest:
    """A model that ships with the package, ``blocks`` or ``pages``, read once a process."""
    with (
        files("cleaners.models").joinpath(f"{name}.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as found,
    ):
        return Forest(found["columns"], found["bounds"], found["masks"], found["values"])
