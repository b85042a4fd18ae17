"""Train the confidence model, and judge it on domains and on sources that it never saw.

    python benchmarks/confidence.py CORPORA [--pages PAGES.pickle] [--out cleaners/models]

The domains are dealt into three parts. The pages of each are cleaned by block and page-type models that were trained on
the other two: so a text is as wrong as that of a new page. A text is ready where it has F1 of at least .98 with the
annotators' text. The model is boosted trees, whose log-odds are calibrated by two numbers (Platt 1999) on pages of
domains that its trees did not see. Prints the figures of docs/model-card.md, of models that never saw the source.
``--pages`` keeps the cleaned pages between runs.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import corpora as annotated
import numpy as np
import train
from scipy.optimize import minimize
from train import Model

import cleaners.labels.model
import cleaners.labels.words
from cleaners.confidence.features import NAMES, TextView, text_features
from cleaners.models.forest import Forest
from cleaners.pagetype.features import page_features
from cleaners.pipeline import examine
from cleaners.types import PageRejected
from crawler.quality.confidences import HEADINGS, ConfidenceFigures
from crawler.quality.scores import MIN_READY_F1

TREES = 120
PARAMETERS = {
    **train.PARAMETERS,
    "num_leaves": 6,
    "learning_rate": 0.05,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.3,
}
DOMAIN_FOLDS = 5
MIN_SOURCE_PAGES = 40
"""Pages of a source that are enough for a figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanedPage:
    """A page as a model that never saw its domain cleaned it."""

    row: annotated.Row
    features: np.ndarray
    page_features: np.ndarray
    is_ready: bool | None
    """None where the annotators gave no text."""

    @property
    def is_article(self) -> bool:
        """True for an article with a text to compare."""
        return self.is_ready is not None and page_type(self.row) == "article"

    @property
    def may_train(self) -> bool:
        """True where its source's licence lets a model trained on it be shipped."""
        return self.row["source"] in annotated.TRAINING


def use(model: Model) -> None:
    """Clean with a block model, in this process."""
    cleaners.labels.model.load = lambda: model.trees
    cleaners.labels.words.load = lambda: model.words


def cleaned(corpora: Path, row: annotated.Row) -> CleanedPage | None:
    """A page, cleaned; None for one that cannot be read. Its page-type score is not known yet."""
    try:
        seen = examine(annotated.page(corpora, row))
    except PageRejected:
        return None
    f1 = annotated.body_f1(row, seen.text)
    view = TextView(labelled=seen.labelled, metadata=seen.metadata, text=seen.text, page_type_score=0.0)
    return CleanedPage(
        row=row,
        features=text_features(view),
        page_features=page_features(seen.labelled, seen.metadata, seen.page.url),
        is_ready=None if f1 is None else f1 >= MIN_READY_F1,
    )


def cleaned_pages(corpora: Path) -> list[CleanedPage]:
    """All annotated pages, each cleaned by models that never saw its domain."""
    rows = [row for name in annotated.sources(corpora) for row in annotated.rows(corpora, name)]
    with ProcessPoolExecutor(2) as pool:
        examples = [e for e in pool.map(train.example, repeat(corpora), rows, chunksize=16) if e is not None]
        examples += train.made_examples(corpora, rows, pool)
    pages: list[CleanedPage] = []
    for third in range(train.FOLDS):
        model = train.fit([e for e in examples if train.is_training(e) and train.fold(e.row) != third])
        mine = [row for row in rows if train.fold(row) == third]
        with ProcessPoolExecutor(2, initializer=use, initargs=(model,)) as pool:
            pages += [p for p in pool.map(cleaned, repeat(corpora), mine, chunksize=16) if p is not None]
        print(f"part {third + 1} of {train.FOLDS}: {len(pages)} pages", file=sys.stderr, flush=True)
    return pages


def with_page_scores(pages: Sequence[CleanedPage]) -> list[CleanedPage]:
    """The pages, with the scores of page-type models that never saw their domain."""
    column = NAMES.index("page_score")
    typed = [train.TypedPage(row=p.row, features=p.page_features, type=page_type(p.row)) for p in pages]
    for third in range(train.FOLDS):
        model = train.fit_pages(
            [t for t in typed if train.fold(t.row) != third and t.row["source"] in annotated.TRAINING]
        )
        for page in pages:
            if train.fold(page.row) == third:
                page.features[0, column] = model.probability(page.page_features)[0]
    return list(pages)


def page_type(row: annotated.Row) -> str:
    """The annotated type of a page."""
    return "listing" if row["source"] == "frontpages_de" else row.get("page_type") or row.get("kind") or "article"


def rows_of(pages: Sequence[CleanedPage]) -> tuple[np.ndarray, np.ndarray]:
    """The features of some pages, and whether each is ready."""
    return np.concatenate([page.features for page in pages]), np.array([bool(page.is_ready) for page in pages])


def fit(pages: Sequence[CleanedPage]) -> Forest:
    """The confidence model, calibrated."""
    odds, ready = np.zeros(len(pages)), rows_of(pages)[1]
    folds = np.array([annotated.domain_fold(domain(page), DOMAIN_FOLDS, "confidence") for page in pages])
    for number in range(DOMAIN_FOLDS):
        forest = fit_trees([page for page, fold in zip(pages, folds, strict=True) if fold != number])
        mine = folds == number
        found = forest.probability(
            rows_of([page for page, fold in zip(pages, folds, strict=True) if fold == number])[0]
        )
        odds[mine] = np.log(found / (1 - found))
    return replace(calibrated(fit_trees(pages), *platt(odds, ready)), usual=np.median(rows_of(pages)[0], axis=0))


def domain(page: CleanedPage) -> str:
    """The domain of a page; its id where none is known."""
    return str(page.row["domain"] or page.row["id"])


def fit_trees(pages: Sequence[CleanedPage]) -> Forest:
    """The trees alone."""
    rows, ready = rows_of(pages)
    return train.as_forest(train.trees(rows, ready, np.ones(len(pages)), PARAMETERS, TREES), NAMES)


def platt(odds: np.ndarray, ready: np.ndarray) -> tuple[float, float]:
    """The factor and the addend of the log-odds with the smallest logarithmic loss (Platt 1999)."""

    def loss(values: np.ndarray) -> float:
        scaled = odds * values[0] + values[1]
        return float((np.logaddexp(0, scaled) - ready * scaled).mean())

    factor, addend = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(factor), float(addend)


def calibrated(forest: Forest, factor: float, addend: float) -> Forest:
    """A forest with other log-odds: all leaves times a factor, and an addend in each leaf of the first tree."""
    values = forest.values * np.float32(factor)
    values[0] += np.float32(addend)
    return replace(forest, values=values)


def left_out(pages: Sequence[CleanedPage]) -> np.ndarray:
    """The confidence in each page by a model that never saw its source."""
    found = np.zeros(len(pages))
    for source in sorted({page.row["source"] for page in pages}):
        model = fit([page for page in pages if page.may_train and page.row["source"] != source])
        mine = [number for number, page in enumerate(pages) if page.row["source"] == source]
        found[mine] = model.probability(rows_of([pages[number] for number in mine])[0])
    return found


def report(pages: Sequence[CleanedPage], found: np.ndarray) -> None:
    """Print the figures by source, and of all."""
    print("| source | " + " | ".join(HEADINGS) + " |\n|---|" + "---|" * len(HEADINGS))
    ready = rows_of(pages)[1]
    groups = {source: [p.row["source"] == source for p in pages] for source in sorted({p.row["source"] for p in pages})}
    groups["sources that train"] = [page.may_train for page in pages]
    groups["all"] = [True] * len(pages)
    for name, chosen in groups.items():
        mine = np.array(chosen)
        if mine.sum() >= MIN_SOURCE_PAGES:
            figures = ConfidenceFigures.of(list(zip(found[mine].tolist(), ready[mine].tolist(), strict=True)))
            print(f"| {name} | " + " | ".join(figures.cells()) + " |")
    trained = np.array(groups["sources that train"])
    figures = ConfidenceFigures.of(list(zip(found[trained].tolist(), ready[trained].tolist(), strict=True)))
    print("\n".join(figures.diagram()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--out", type=Path, default=train.MODELS)
    args = parser.parse_args()
    if args.pages and args.pages.exists():
        pages = pickle.loads(args.pages.read_bytes())  # noqa: S301  written by this program
    else:
        pages = with_page_scores(cleaned_pages(args.corpora))
        if args.pages:
            args.pages.write_bytes(pickle.dumps(pages))
    pages = [page for page in pages if page.is_article]
    report(pages, left_out(pages))
    used = [page for page in pages if page.may_train]
    fit(used).save(args.out / "confidence.npz")
    train.report(args.out / "confidence.npz")
    print(f"{len(used)} pages")


if __name__ == "__main__":
    main()
