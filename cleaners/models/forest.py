"""Trained models: boosted decision trees as plain arrays, evaluated with NumPy alone.

A tree's leaves are numbered from left to right. A test that fails rules out all leaves of its left subtree, so the
leaf of a row is the first one that no failed test has ruled out (QuickScorer, Lucchese et al., SIGIR 2015). All tests
of all trees are evaluated at once, without walking the trees.

A model file holds the names of its columns, and the names of the block kinds that a column numbers. So a feature that
is added, dropped or moved, or a kind that is added, never changes the meaning of the columns of a trained model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

LEAVES = 16
"""Most leaves of a tree: one bit of a 16-bit word for each leaf."""

FIRST_LEAF = np.zeros(1 << LEAVES, dtype=np.uint8)
"""Index of the lowest set bit of each 16-bit word."""
for _bit in reversed(range(LEAVES)):
    FIRST_LEAF[1 << _bit :: 1 << (_bit + 1)] = _bit


class ModelError(ValueError):
    """Raised for a model file whose columns differ from the features of this code; the message names both."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forest:
    """Boosted trees for one binary decision."""

    columns: NDArray[np.int16]
    """Index of the column that each test reads; shape (trees, LEAVES - 1)."""
    bounds: NDArray[np.float32]
    """A test passes when its column is at most this value; infinite for tests that a smaller tree lacks. Same shape."""
    masks: NDArray[np.uint16]
    """Leaves that are still possible when the test fails, one bit per leaf. Same shape."""
    values: NDArray[np.float32]
    """Log-odds that each leaf adds; shape (trees, LEAVES)."""
    names: tuple[str, ...]
    """Names of the columns that rows must have, in order."""
    kinds: tuple[str, ...] = ()
    """Block kinds, indexed by their number in training; empty for a model without a column of kinds."""
    usual: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    """Median of each column over the rows of training; empty for a model that compares a row with its own page."""

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability of the positive class for each row.

        Args:
            rows: shape (count, len(names)).

        Returns:
            Shape (count,), 0 to 1.
        """
        return np.asarray(1.0 / (1.0 + np.exp(-self._odds(rows))), dtype=np.float64)

    def contributions(self, rows: NDArray[np.float32], usual: NDArray[np.float32]) -> NDArray[np.float64]:
        """What each column adds to the log-odds of each row, compared with its usual value.

        That is the log-odds of the row less those of the row with the usual value in that column, one column at a time
        (occlusion; Zeiler and Fergus 2014).

        Args:
            rows: shape (count, len(names)).
            usual: the usual value of each column; shape (len(names),).

        Returns:
            Shape (count, len(names)).
        """
        added = np.zeros(rows.shape, dtype=np.float64)
        for column in range(rows.shape[1]):
            other = np.flatnonzero(rows[:, column] != usual[column])
            trees = np.flatnonzero((self.columns == column).any(axis=1))
            if len(other) and len(trees):
                part = self._of(trees)
                changed = rows[other].copy()
                changed[:, column] = usual[column]
                added[other, column] = part._odds(rows[other]) - part._odds(changed)  # noqa: SLF001  of the same class
        return added

    def _of(self, trees: NDArray[np.intp]) -> Forest:
        """A forest of the trees with these indices."""
        parts = {name: getattr(self, name)[trees] for name in ("columns", "bounds", "masks", "values")}
        return replace(self, **parts)

    def _odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The log-odds of the positive class for each row.

        One test of all trees at a time, with the rows side by side: half of the time of all tests at once.
        """
        values = np.ascontiguousarray(rows.T)
        possible_leaves = np.full((len(self.columns), len(rows)), 0xFFFF, dtype=np.uint16)
        for columns, bounds, excluded in zip(self.columns.T, self.bounds.T, ~self.masks.T, strict=True):
            failed = values[columns] > bounds[:, np.newaxis]
            possible_leaves &= ~(failed * excluded[:, np.newaxis])
        leaf = FIRST_LEAF[possible_leaves.T]
        return np.asarray(self.values[np.arange(len(self.values)), leaf].sum(axis=1, dtype=np.float64))

    def save(self, path: Path) -> None:
        """Write the model as arrays, without pickles."""
        np.savez_compressed(
            path,
            columns=self.columns,
            bounds=self.bounds,
            masks=self.masks,
            values=self.values,
            names=np.array(self.names),
            kinds=np.array(self.kinds, dtype=np.str_),
            usual=self.usual,
        )


@lru_cache(maxsize=3)
def load(name: str, expected: tuple[str, ...]) -> Forest:
    """Load a model that ships with the package; it is read once per process.

    Args:
        name: ``blocks``, ``pages`` or ``confidence``.
        expected: names of the columns of the caller's features, in order.

    Raises:
        ModelError: when the model's columns differ.
    """
    with files("cleaners.models").joinpath(f"{name}.npz").open("rb") as file:
        model = read(file)
    check(name, model.names, expected)
    return model


def read(file: IO[bytes]) -> Forest:
    """Read a model from its file."""
    with np.load(file, allow_pickle=False) as arrays:
        return Forest(
            columns=arrays["columns"],
            bounds=arrays["bounds"],
            masks=arrays["masks"],
            values=arrays["values"],
            names=tuple(arrays["names"].tolist()),
            kinds=tuple(arrays["kinds"].tolist()),
            usual=arrays["usual"] if "usual" in arrays else np.zeros(0, dtype=np.float32),
        )


def check(name: str, names: Sequence[str], expected: Sequence[str]) -> None:
    """Accept a model whose columns are the expected ones.

    Raises:
        ModelError: naming the first column that differs.
    """
    if tuple(names) == tuple(expected):
        return
    place = next(
        (i for i, (a, b) in enumerate(zip(names, expected, strict=False)) if a != b), min(len(names), len(expected))
    )
    theirs = names[place] if place < len(names) else "nothing"
    ours = expected[place] if place < len(expected) else "nothing"
    raise ModelError(
        f"model '{name}': column {place} is {theirs} in the file and {ours} in the features; "
        "train it again (benchmarks/train.py)"
    )
