"""Train the learnt labeller and the page-type model from annotated pages: the same pages give the same model, bit for
bit.

    pip install -r benchmarks/requirements.txt
    python benchmarks/train.py CORPORA [--out cleaners/models] [--cross-validate]

What a block should be is read off the annotators' text: it is body when its words stand there. Beside annotated pages
there are made ones (benchmarks/factory), whose truth is exact, and grafts: furniture set into annotated pages.
``--cross-validate`` writes no model: it trains on two thirds of the domains, judges the other third, three times, and
prints the table of docs/model-card.md.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import corpora as annotated
import lightgbm
import numpy as np
from corpora import INNER_FOLDS, domain_fold
from cross_fit import fit_linear, out_of_fold, scored

from benchmarks.factory import catalogue
from benchmarks.factory.grafts import graft
from benchmarks.factory.markup import TRUTH
from benchmarks.factory.pages import MadePage, make
from cleaners.extraction.alignment import BodyAlignment
from cleaners.labels import features, label_by_rules, words
from cleaners.labels.boxes import Group, groups
from cleaners.labels.model import open_blocks, required_probability, settle
from cleaners.labels.page_view import PageView
from cleaners.models import linear
from cleaners.models.forest import LEAVES, Forest
from cleaners.models.linear import HashedTexts, Linear
from cleaners.options import Focus
from cleaners.pagetype.features import NAMES, page_features
from cleaners.pipeline import examine, view_page
from cleaners.text.normalise import match_key, text_weight
from cleaners.types import BlockKind, Label, Page, PageRejected
from crawler.quality import scores as scoring

MODELS = Path(__file__).resolve().parents[1] / "cleaners" / "models"
KINDS = tuple(BlockKind)
"""Block kinds in the order in which they are numbered; the model file keeps the order."""
TREES = 480
"""Of 160, 480 and 900 the figures on annotated pages differ by no more than the noise; .24, .20 and .18 of made
furniture whose wordings were left out of training is taken for text (docs/measurements.md)."""
PARAMETERS = {
    "objective": "binary",
    "num_leaves": LEAVES,
    "learning_rate": 0.1,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "seed": 7,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "verbose": -1,
}
"""Chosen by cross-validation; between 8 and 48 leaves no difference exceeds the noise (docs/measurements.md)."""

LEAST_BODY = 400
"""Characters of a JSON-LD articleBody that serves as truth where annotators gave segments only; shorter ones are
teasers."""

FOLDS = 3
PENALTY = {"text": 1e-5, "names": 2e-5}
"""The best of 1e-6 to 1e-4 by the area under the curve, on domains held out."""
NOT_ARTICLES = 0.1
"""Weight of pages that are no articles: they teach what surrounds a body, not what it is."""
DOUBTFUL = 0.1
"""Weight of a page less than half of whose annotated text stands on it, or less than half of whose body by the rules is
annotated: the annotation is of another page, cut short, or of one item of many."""
PERMISSIVE = 0.5
"""Weight of wcxb's pages: its annotators keep lists of links, notes and credits that news annotators leave out."""
WEAK = 0.5
"""Weight of a page whose truth is segments or JSON-LD."""
MADE, GRAFTED = 0.4, 0.3
"""Weights of a made page, and of a page with grafts. With .5 and .4 a tenth less furniture leaks on made pages, and
wcxb loses .001 more of F1; with half of that it is the other way (docs/measurements.md)."""
STORY = 1.5
"""Weight of a story's line on such a page, beside one of furniture: to lose a line is worse than to leave one in."""
MADE_SEED, MADE_SITES, MADE_PAGES = 1, 312, 3
"""Seed and number of the made sites that train, and pages of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A page as the trainer sees it: only open blocks, which the model decides, have rows."""

    row: annotated.Row
    open: list[int]
    labels: list[Label]
    """Labels of the open blocks by the rules."""
    is_beside: list[bool]
    """Whether body paragraphs are beside each open block."""
    rows: np.ndarray
    """Features of the open blocks but for the scores of their words."""
    boxes: np.ndarray
    """First and last block of the box of each open block."""
    groups: tuple[Group, ...]
    """Open blocks that are decided together."""
    hashed: tuple[HashedTexts, HashedTexts]
    """Words of the open blocks, and of the names around them."""
    texts: list[str]
    all_labels: list[Label]
    """Labels of all blocks by the rules."""
    shares: np.ndarray
    """Share of each block that is in the truth; NaN where the annotators do not say."""
    label_by_rules: np.ndarray
    """Whether the rules take each block of the page for body."""
    truth: np.ndarray
    """Whether each open block is body."""
    weights: np.ndarray
    marks: list[str]
    """The marks of all blocks of a made page or of grafts."""
    is_made: bool = False
    """Whether it is a made page, or has grafts: it trains, and is not judged with the others."""

    @property
    def domain(self) -> str:
        """The domain, by which pages are put into folds."""
        return self.row["domain"] or self.row["id"]

    def text(self, is_body: np.ndarray) -> str:
        """The page's text, given whether each block is body."""
        return "\n".join(line for line, mine in zip(self.texts, is_body, strict=True) if mine)

    def features(self, scores: tuple[np.ndarray, ...]) -> np.ndarray:
        """All features of the open blocks."""
        return features.with_scores(self.rows, len(self.texts), self.open, scores, self.boxes)


def example(corpora: Path, row: annotated.Row) -> Example | None:
    """A page, ready to train on; None for pages that cannot be read or have no truth."""
    try:
        view = view_page(annotated.page(corpora, row)).view
    except PageRejected:
        return None
    shares = truth(view, row)
    return as_example(view, row, np.full(len(view.blocks), np.nan) if shares is None else shares)


def made_example(page: MadePage) -> Example | None:
    """A made page, ready to train on. What is above its story weighs nothing: real pages know more of it."""
    try:
        view = view_page(Page(url=page.url, body=page.html.encode(), content_type="text/html; charset=utf-8")).view
    except PageRejected:
        return None
    shares = np.nan_to_num(marked_truth(view))
    shares[: np.argmax(shares > 0.5)] = np.nan
    return as_example(view, page.row, shares, MADE)


def grafted_example(corpora: Path, row: annotated.Row) -> Example | None:
    """An annotated page with furniture in its story; None where it has no such story, or no catalogue its language."""
    code = row.get("lang") or "en"
    if not row.get("body") or code not in catalogue.languages() or row.get("page_type", "article") != "article":
        return None
    try:
        page, _, tree, _, view = view_page(annotated.page(corpora, row))
        shares = truth(view, row)
        fold = domain_fold(row["domain"] or row["id"], INNER_FOLDS, "inner")
        body = [block for block in view.blocks if shares is not None and shares[block.index] > 0.75]
        grafted = graft(page, tree, body, code, fold=fold, seed=MADE_SEED)
        if grafted is None:
            return None
        view = view_page(grafted).view
    except PageRejected:
        return None
    shares, marks = truth(view, row), marked_truth(view)
    return as_example(view, row, np.where(np.isnan(marks), shares, marks), GRAFTED)


def marks_of(view: PageView) -> list[str]:
    """The mark of the truth on each block: ``1`` for the article, else ``0:`` and a kind; empty without one."""
    return [next((m for s in block.scope.chain() if (m := s.element.get(TRUTH))), "") for block in view.blocks]


def marked_truth(view: PageView) -> np.ndarray:
    """1 for each block that a mark calls the article's, 0 for one that it calls something else; NaN without a mark."""
    return np.array([float(mark == "1") if mark else np.nan for mark in marks_of(view)])


def as_example(view: PageView, row: annotated.Row, shares: np.ndarray, made: float | None = None) -> Example | None:
    """A page with the share of each block that is in its story; ``made`` is the weight of a made or changed page."""
    labels = label_by_rules(view)
    indexes = open_blocks(view, labels)
    if not indexes:
        return None
    mine = shares[indexes]
    sizes = np.array([view.blocks[i].weight for i in indexes], dtype=np.float64)
    # blocks weigh little more when long: a page is ready only when its short lines are right too
    weights = np.where(np.isnan(mine), 0.0, 1.0) * np.maximum(sizes, 10) ** 0.25
    weights *= np.where((mine > 0.25) & (mine < 0.75), 0.2, 1.0)
    if row["source"] == "fundus":  # its truth is put together with the summary, wherever that stands
        weights *= np.array([labels[i].kind != "standfirst" for i in indexes])
    if made is not None:
        weights *= np.where(mine > 0.5, STORY, 1.0)
    scale = page_weight(view, row, labels, shares) if made is None else made
    if weights.sum() > 0:
        weights *= scale / weights.sum() ** 0.75
    return Example(
        row=row,
        open=indexes,
        labels=[labels[i] for i in indexes],
        is_beside=[view.is_beside_paragraphs(view.blocks[i]) for i in indexes],
        rows=features.features(view, labels, indexes, KINDS),
        boxes=features.box_ranges(view, indexes),
        groups=groups(view, indexes),
        hashed=words.hashes(view, indexes),
        texts=[b.text for b in view.blocks],
        all_labels=labels,
        shares=shares,
        label_by_rules=np.array([found.is_body for found in labels]),
        truth=np.nan_to_num(mine) > 0.5,
        weights=weights,
        marks=marks_of(view) if made is not None else [],
        is_made=made is not None,
    )


def page_weight(view: PageView, row: annotated.Row, labels: list[Label], shares: np.ndarray) -> float:
    """How much an annotated page counts."""
    body = row.get("body") or ""
    found = sum(b.weight for b in view.blocks if shares[b.index] > 0.5)
    taken = sum(b.weight for b in view.blocks if labels[b.index].is_body)
    scale = DOUBTFUL if body and (found < 0.5 * len(body) or found < 0.5 * taken) else 1.0 if body else WEAK
    scale *= PERMISSIVE if row["source"] == "wcxb" else 1.0
    return scale * (NOT_ARTICLES if row.get("page_type", "article") != "article" else 1.0)


def truth(view: PageView, row: annotated.Row) -> np.ndarray | None:
    """The share of each block that belongs to the body; NaN where the annotators do not say."""
    if row.get("body"):
        return np.array(
            BodyAlignment.of(view.blocks, [line for line in row["body"].splitlines() if line.strip()]).shares
        )
    shares = None
    said = view.metadata.article_body or ""
    if len(said) > LEAST_BODY:
        shares = np.array(BodyAlignment.of(view.blocks, said.splitlines()).shares)
    for name, value in (("without", 0.0), ("with", 1.0)):
        parts = [k for part in row.get(name) or [] if (k := match_key(part))]
        for block in view.blocks if parts else ():
            if any(part in block.key or (len(block.key) > 25 and block.key in part) for part in parts):
                shares = np.full(len(view.blocks), np.nan) if shares is None else shares
                shares[block.index] = value
    return shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The block model: trees, and the linear models whose scores are two of their features."""

    trees: Forest
    words: dict[str, Linear]

    def probability(self, page: Example) -> list[float]:
        """Probability that each open block of a page is body."""
        return self.trees.probability(page.features(scored(page, self.words))).tolist()


def fit_words(pages: list[Example]) -> dict[str, Linear]:
    """The linear models over words."""
    return {
        name: fit_linear(pages, which, size, PENALTY[name]) for which, (name, size) in enumerate(words.COLUMNS.items())
    }


def fit(examples: list[Example]) -> Model:
    """Linear models over the words of all pages, and boosted trees over their open blocks."""
    rows, targets, weights = [], [], []
    for page, scores in out_of_fold(examples, INNER_FOLDS, fit_words):
        wanted = page.weights > 0
        rows.append(page.features(scores)[wanted])
        targets.append(page.truth[wanted])
        weights.append(page.weights[wanted])
    found = trees(np.concatenate(rows), np.concatenate(targets), np.concatenate(weights), PARAMETERS, TREES)
    return Model(trees=as_forest(found, features.NAMES, KINDS), words=fit_words(examples))


def trees(rows: np.ndarray, targets: np.ndarray, weights: np.ndarray, parameters: dict, count: int) -> list[dict]:
    """Boosted trees for a binary decision, as LightGBM describes them."""
    data = lightgbm.Dataset(rows, targets.astype(np.float64), weight=weights / weights.mean())
    return lightgbm.train(parameters, data, count).dump_model()["tree_info"]


PAGE_TREES = 120
PAGE_PARAMETERS = {
    **PARAMETERS,
    "num_leaves": 8,
    "learning_rate": 0.08,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.5,
}
LISTED = ("listing", "collection")
OTHER = 0.6
"""Weight of forums, products, documentation and services, which an article crawl seldom meets."""
UNTYPED = 0.5
"""Weight of pages of sources that collect articles but do not say so of each page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPage:
    """A page with its features and its annotated type."""

    row: annotated.Row
    features: np.ndarray
    type: str


def typed_page(corpora: Path, row: annotated.Row) -> TypedPage | None:
    """A page, ready to train the page-type model on."""
    try:
        seen = examine(annotated.page(corpora, row))
    except PageRejected:
        return None
    said = "listing" if row["source"] == "frontpages_de" else row.get("page_type") or row.get("kind") or "article"
    return TypedPage(row=row, features=page_features(seen.labelled, seen.metadata, seen.page.url), type=said)


def fit_pages(pages: list[TypedPage]) -> Forest:
    """The page-type model: article or not."""
    weights = [
        1.0
        if p.type in LISTED
        else OTHER
        if p.type != "article"
        else UNTYPED
        if p.row["source"] in {"trafilatura", "htmldate"}
        else 1.0
        for p in pages
    ]
    targets = np.array([p.type == "article" for p in pages])
    rows = np.concatenate([p.features for p in pages])
    return as_forest(trees(rows, targets, np.array(weights), PAGE_PARAMETERS, PAGE_TREES), NAMES)


def as_forest(found: list[dict], names: tuple[str, ...], kinds: tuple[str, ...] = ()) -> Forest:
    """LightGBM's trees as the arrays that :class:`Forest` holds, with the names of their columns."""
    columns = np.zeros((len(found), LEAVES - 1), dtype=np.int16)
    bounds = np.full((len(found), LEAVES - 1), np.inf, dtype=np.float32)
    masks = np.full((len(found), LEAVES - 1), 0xFFFF, dtype=np.uint16)
    values = np.zeros((len(found), LEAVES), dtype=np.float32)
    for number, tree in enumerate(found):
        leaves, tests = 0, 0

        def walk(node: dict, number: int = number) -> int:
            """Fill in a node and all below; the bits of its leaves."""
            nonlocal leaves, tests
            if "leaf_value" in node:
                values[number, leaves] = node["leaf_value"]
                leaves += 1
                return 1 << (leaves - 1)
            mine, tests = tests, tests + 1
            left = walk(node["left_child"])
            columns[number, mine] = node["split_feature"]
            bound = np.float32(node["threshold"])  # the largest single-precision number that passes the test
            bounds[number, mine] = bound if bound <= node["threshold"] else np.nextafter(bound, np.float32(-np.inf))
            masks[number, mine] = 0xFFFF & ~left
            return left | walk(node["right_child"])

        walk(tree["tree_structure"])
    return Forest(columns=columns, bounds=bounds, masks=masks, values=values, names=names, kinds=kinds)


def fold(row: annotated.Row) -> int:
    """Which third of the domains a page belongs to."""
    return domain_fold(row["domain"] or row["id"], FOLDS)


def decided(example: Example, model: Model, focus: Focus) -> np.ndarray:
    """Whether each block of the page is body by the model."""
    is_body = example.label_by_rules.copy()
    weights = np.array([text_weight(line) for line in example.texts])
    bounds = [
        required_probability(label, focus, is_beside=near)
        for label, near in zip(example.labels, example.is_beside, strict=True)
    ]
    mine, whole = weights[example.open].tolist(), int(weights[is_body].sum())
    probabilities = model.probability(example)
    is_body[example.open] = settle(
        example.labels,
        probabilities,
        bounds,
        weights=mine,
        body=whole,
        grouped=example.groups,
        indexes=example.open,
    )
    return is_body


def text(example: Example, model: Model, focus: Focus | None) -> str:
    """The page's text by the model, or by the rules alone where there is no focus."""
    is_body = example.label_by_rules if focus is None else decided(example, model, focus)
    return example.text(is_body)


def judged(job: tuple[annotated.Row, str]) -> tuple[float | None, tuple[int, int, int, int]]:
    """A page's scores."""
    row, found = job
    return annotated.body_f1(row, found), annotated.segments(row, found)


def cross_validate(examples: list[Example], pool: ProcessPoolExecutor) -> None:
    """Print the scores of pages judged by a model that never saw their domain, of the rules and of other thresholds."""
    forests = [fit([e for e in examples if is_training(e) and fold(e.row) != third]) for third in range(FOLDS)]
    examples = [e for e in examples if not e.is_made]
    variants: dict[str, Focus | None] = {"rules": None, **{focus.value: focus for focus in Focus}}
    table: dict[str, dict[str, str]] = defaultdict(dict)
    for name, focus in variants.items():
        texts = [text(e, forests[fold(e.row)], focus) for e in examples]
        jobs = [(e.row, found) for e, found in zip(examples, texts, strict=True)]
        by_line = defaultdict(list)
        for e, scores in zip(examples, pool.map(judged, jobs, chunksize=16), strict=True):
            by_line[annotated.group(e.row)].append(scores)
            if e.row.get("lang") and e.row.get("page_type", "article") == "article":
                by_line[f"language {e.row['lang']}"].append(scores)
        for line, scores in sorted(by_line.items()):
            table[line]["pages"] = str(len(scores))
            table[line][name] = cell(scores)
    print("| source | pages | " + " | ".join(variants) + " |\n|---|---|" + "---|" * len(variants))
    for line, cells in table.items():
        if not line.startswith("language") or int(cells["pages"]) >= MIN_LANGUAGE_PAGES:
            print(f"| {line} | {cells['pages']} | " + " | ".join(cells[name] for name in variants) + " |")


MIN_LANGUAGE_PAGES = 10
"""Pages of a language that are enough for a figure."""


def cell(scores: list[tuple[float | None, tuple[int, int, int, int]]]) -> str:
    """F1/ready, and the shares of wanted and unwanted segments, of some pages."""
    values = [f1 for f1, _ in scores if f1 is not None]
    hits, wanted, leaks, unwanted = np.sum([found for _, found in scores], axis=0)
    cells = [f"{np.mean(values):.3f}/{np.mean([v >= scoring.MIN_READY_F1 for v in values]):.3f}" if values else "–"]
    cells += [f"R {hits / wanted:.3f}"] if wanted else []
    cells += [f"leak {leaks / unwanted:.3f}"] if unwanted else []
    return " ".join(cells)


def is_training(example: Example) -> bool:
    """True for pages of sources that may train a model that is shipped."""
    return (example.row["source"] in annotated.TRAINING or example.row["source"] == "factory") and bool(
        example.weights.sum() > 0
    )


def made_examples(corpora: Path, rows: list[annotated.Row], pool: ProcessPoolExecutor) -> list[Example]:
    """The made pages, and the annotated pages that may train with grafts."""
    may_train = [row for row in rows if row["source"] in annotated.TRAINING]
    found = [*pool.map(made_example, make(MADE_SEED, MADE_SITES, MADE_PAGES), chunksize=16)]
    found += pool.map(grafted_example, repeat(corpora), may_train, chunksize=16)
    return [e for e in found if e is not None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--out", type=Path, default=MODELS)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--annotated-only", action="store_true", help="neither made pages nor grafts")
    args = parser.parse_args()
    names = annotated.sources(args.corpora) if args.cross_validate else annotated.TRAINING
    rows = [row for name in names for row in annotated.rows(args.corpora, name)]
    with ProcessPoolExecutor(2) as pool:
        examples = [e for e in pool.map(example, repeat(args.corpora), rows, chunksize=16) if e is not None]
        if not args.annotated_only:
            examples += made_examples(args.corpora, rows, pool)
        if args.cross_validate:
            cross_validate(examples, pool)
            return
    used = [e for e in examples if is_training(e)]
    model = fit(used)
    model.trees.save(args.out / "blocks.npz")
    linear.save(args.out / "words.npz", model.words)
    for name in ("blocks", "words"):
        report(args.out / f"{name}.npz")
    print(f"{len(used)} pages, {sum(int((e.weights > 0).sum()) for e in used)} blocks")
    # fresh workers load the new block model: the page-type model is trained on pages as it will see them
    with ProcessPoolExecutor(2) as fresh:
        pages = [p for p in fresh.map(typed_page, repeat(args.corpora), rows, chunksize=16) if p is not None]
    fit_pages(pages).save(args.out / "pages.npz")
    report(args.out / "pages.npz")
    print(f"{len(pages)} pages with a type")


def report(path: Path) -> None:
    """Print what was written."""
    print(f"{path.name}: {path.stat().st_size} bytes, sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
