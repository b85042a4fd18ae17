"""The shipped models: whole, small, and evaluated as trees are."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from cleaners.labels import features as block_features
from cleaners.models import forest
from cleaners.models.forest import LEAVES, Forest
from cleaners.pagetype import features as page_type_features

WIDTHS = {"blocks": len(block_features.NAMES), "pages": len(page_type_features.NAMES)}


def walked(model: Forest, row: np.ndarray) -> float:
    """The odds of one row, leaf by leaf, as the masks define them."""
    odds = 0.0
    for columns, bounds, masks, values in zip(model.columns, model.bounds, model.masks, model.values, strict=True):
        left = (1 << LEAVES) - 1
        for column, bound, mask in zip(columns, bounds, masks, strict=True):
            if row[column] > bound:
                left &= int(mask)
        odds += float(values[(left & -left).bit_length() - 1])
    return 1 / (1 + float(np.exp(-odds)))


@pytest.mark.parametrize("name", WIDTHS)
def test_model_gives_what_its_trees_give(name: str) -> None:
    model = forest.load(name)
    rows = np.random.default_rng(1).normal(0, 40, (30, WIDTHS[name])).astype(np.float32)
    assert model.probability(rows) == pytest.approx([walked(model, row) for row in rows], abs=1e-6)


@pytest.mark.parametrize("name", WIDTHS)
def test_model_reads_columns_that_exist(name: str) -> None:
    model = forest.load(name)
    assert 0 <= model.columns.min() <= model.columns.max() < WIDTHS[name]


def test_models_are_small_and_hold_no_code() -> None:
    folder = files("cleaners").joinpath("models")
    assert {entry.name for entry in folder.iterdir() if entry.name.endswith(".npz")} == {"blocks.npz", "pages.npz"}
    assert sum(len(entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".npz")) < 3_000_000
    with np.load(str(folder.joinpath("blocks.npz")), allow_pickle=False) as arrays:
        assert {name: arrays[name].dtype.kind for name in arrays} == {"columns": "i", "bounds": "f", "masks": "u", "values": "f"}


def test_a_tree_of_one_test() -> None:
    masks = np.full((1, LEAVES - 1), 0xFFFF, dtype=np.uint16)
    masks[0, 0] = 0xFFFE
    bounds = np.full((1, LEAVES - 1), np.inf, dtype=np.float32)
    bounds[0, 0] = 2.0
    values = np.zeros((1, LEAVES), dtype=np.float32)
    values[0, :2] = -1.0, 1.0
    model = Forest(np.zeros((1, LEAVES - 1), dtype=np.int16), bounds, masks, values)
    found = model.probability(np.array([[2.0], [2.5]], dtype=np.float32))
    assert found == pytest.approx([1 / (1 + np.e), 1 / (1 + np.exp(-1))])
