"""The shipped models: whole, small, and evaluated as trees are."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from cleaners.confidence import features as confidence_features
from cleaners.labels import features as block_features
from cleaners.models import forest
from cleaners.models.forest import LEAVES, Forest, ModelError
from cleaners.pagetype import features as page_type_features

COLUMNS = {
    "blocks": block_features.NAMES,
    "confidence": confidence_features.NAMES,
    "pages": page_type_features.NAMES,
}
WIDTHS = {name: len(columns) for name, columns in COLUMNS.items()}


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
    model = forest.load(name, COLUMNS[name])
    rows = np.random.default_rng(1).normal(0, 40, (30, WIDTHS[name])).astype(np.float32)
    assert model.probability(rows) == pytest.approx([walked(model, row) for row in rows], abs=1e-6)


@pytest.mark.parametrize("name", WIDTHS)
def test_model_reads_columns_that_exist(name: str) -> None:
    model = forest.load(name, COLUMNS[name])
    assert 0 <= model.columns.min() <= model.columns.max() < WIDTHS[name]


def test_models_are_small_and_hold_no_code() -> None:
    folder = files("cleaners.models")
    names = {entry.name for entry in folder.iterdir() if entry.name.endswith(".npz")}
    assert names == {"blocks.npz", "confidence.npz", "pages.npz", "words.npz"}
    assert sum(len(entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".npz")) < 3_000_000
    with np.load(str(folder.joinpath("blocks.npz")), allow_pickle=False) as arrays:
        assert {name: arrays[name].dtype.kind for name in arrays} == {
            "columns": "i",
            "bounds": "f",
            "masks": "u",
            "values": "f",
            "names": "U",
            "kinds": "U",
        }


def test_a_tree_of_one_test() -> None:
    masks = np.full((1, LEAVES - 1), 0xFFFF, dtype=np.uint16)
    masks[0, 0] = 0xFFFE
    bounds = np.full((1, LEAVES - 1), np.inf, dtype=np.float32)
    bounds[0, 0] = 2.0
    values = np.zeros((1, LEAVES), dtype=np.float32)
    values[0, :2] = -1.0, 1.0
    model = Forest(
        columns=np.zeros((1, LEAVES - 1), dtype=np.int16), bounds=bounds, masks=masks, values=values, names=("only",)
    )
    found = model.probability(np.array([[2.0], [2.5]], dtype=np.float32))
    assert found == pytest.approx([1 / (1 + np.e), 1 / (1 + np.exp(-1))])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda names: (*names[:5], "new", *names[5:]), "column 5 is kept in the file and new in the features"),
        (lambda names: names[:-1], "column 137 is box_names_score in the file and nothing in the features"),
        (lambda names: (*names, "last"), "column 138 is nothing in the file and last in the features"),
        (
            lambda names: (names[1], names[0], *names[2:]),
            "column 0 is weight in the file and link_share in the features",
        ),
    ],
    ids=["added", "dropped", "appended", "swapped"],
)
def test_features_that_the_model_was_not_trained_on_are_named(
    change: Callable[[tuple[str, ...]], tuple[str, ...]], said: str
) -> None:
    with pytest.raises(ModelError, match=f"model 'blocks': {said}"):
        forest.load("blocks", change(block_features.NAMES))


def test_a_saved_model_is_the_model(tmp_path: Path) -> None:
    model = forest.load("blocks", block_features.NAMES)
    model.save(tmp_path / "again.npz")
    with (tmp_path / "again.npz").open("rb") as file:
        again = forest.read(file)
    assert (again.names, again.kinds) == (model.names, model.kinds)
    assert all(
        np.array_equal(getattr(again, name), getattr(model, name)) for name in ("columns", "bounds", "masks", "values")
    )


def test_contributions_are_the_odds_less_those_of_the_usual_value() -> None:
    model = forest.load("pages", COLUMNS["pages"])
    rows = np.random.default_rng(2).normal(0, 40, (4, WIDTHS["pages"])).astype(np.float32)
    usual = np.median(rows, axis=0).astype(np.float32)
    added = model.contributions(rows, usual)
    odds = np.log(1 / model.probability(rows) - 1)
    for column in (0, 7, WIDTHS["pages"] - 1):
        changed = rows.copy()
        changed[:, column] = usual[column]
        assert added[:, column] == pytest.approx(np.log(1 / model.probability(changed) - 1) - odds, abs=1e-4)
