"""Train the linear models over words, and score pages by models that were not trained on their domain.

The trees learn how far a score is to be believed. So the scores that they are trained on must be as wrong as those of
new pages: a page's are those of a model that never saw its domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from corpora import domain_fold
from scipy import sparse
from scipy.optimize import minimize

from cleaners.models.linear import HashedTexts, Linear

STEPS = 40
"""Most steps of L-BFGS; the area under the curve does not change after 30."""


class Page(Protocol):
    """What a page has for the linear models: a row for each of its open blocks."""

    domain: str
    hashed: tuple[HashedTexts, HashedTexts]
    truth: np.ndarray
    weights: np.ndarray


def matrix(texts: Sequence[HashedTexts], size: int) -> sparse.csr_matrix:
    """Texts as rows of length 1, of which every entry is the same."""
    sizes = np.concatenate([np.bincount(part.rows, minlength=part.count) for part in texts])
    columns = np.concatenate([part.columns for part in texts])
    values = np.repeat(1 / np.sqrt(np.maximum(1, sizes)), sizes)
    return sparse.csr_matrix((values, columns, np.concatenate(([0], np.cumsum(sizes)))), shape=(len(sizes), size))


def fit_linear(pages: Sequence[Page], which: int, size: int, penalty: float) -> Linear:
    """Logistic regression, weighted by block, with an L2 penalty.

    Args:
        pages: the pages to train on.
        which: 0 for the words of the blocks, 1 for the names around them.
        size: number of columns.
        penalty: factor of half the sum of the squared weights, beside the mean loss.
    """
    rows = matrix([page.hashed[which] for page in pages], size)
    truth = np.concatenate([page.truth for page in pages]).astype(np.float64)
    weights = np.concatenate([page.weights for page in pages])
    used = weights > 0
    rows, truth, weights = rows[used], truth[used], weights[used] / weights[used].sum()
    turned = rows.T.tocsr()

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        odds = rows @ values[:-1] + values[-1]
        wrong = weights * (1 / (1 + np.exp(-odds)) - truth)
        value = (weights * (np.logaddexp(0, odds) - truth * odds)).sum() + penalty / 2 * (values[:-1] ** 2).sum()
        return value, np.concatenate((turned @ wrong + penalty * values[:-1], [wrong.sum()]))

    share = (weights * truth).sum()
    start = np.zeros(size + 1)
    start[-1] = np.log(share / (1 - share))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return Linear(found[:-1].astype(np.float32), float(found[-1]))


def out_of_fold(
    pages: Sequence[Page], folds: int, fit: Callable[[list[Page]], dict[str, Linear]]
) -> Iterator[tuple[Page, tuple[np.ndarray, ...]]]:
    """Each page with its scores by models that were trained on the other folds' domains."""
    for number in range(folds):
        mine = [page for page in pages if domain_fold(page.domain, folds, "inner") == number]
        models = fit([page for page in pages if domain_fold(page.domain, folds, "inner") != number])
        for page in mine:
            yield page, scored(page, models)


def scored(page: Page, models: dict[str, Linear]) -> tuple[np.ndarray, ...]:
    """The scores of a page's open blocks by each model."""
    return tuple(model.scores(part) for model, part in zip(models.values(), page.hashed, strict=True))
