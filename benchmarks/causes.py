"""Where the text differs from the annotators': the loss of each page, divided among its causes.

Every page is judged by models that were trained without its domain, or without its whole source. The loss of a page is
1 - F1; it is divided among the blocks that are wrongly in the text or out of it, by their words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

import corpora as annotated
import numpy as np
import train
from cross_fit import domain_fold

from cleaners.labels.model import authority
from cleaners.labels.rules.rule import Authority
from cleaners.models.forest import Forest
from cleaners.options import DEFAULT, Focus
from cleaners.pagetype.classify import classify_page
from cleaners.pipeline import examine
from cleaners.types import BlockKind, PageRejected
from crawler.quality import scores as scoring

FOLDS = {"domain": train.FOLDS, "source": 5}
IN, OUT = 0.75, 0.25
"""Share of a block in the truth from which it is wanted, and below which it is unwanted; others are mixed."""
LOST = 0.5
"""F1 below which a page is lost as a whole."""
ABSENT = 0.03
"""Share of the truth's words that must stand in no block for the page to lack them."""
BY_POLICY = frozenset((BlockKind.EMBED, BlockKind.TABLE_ROW))
"""Body kinds that annotators mostly leave out."""
NOTE = """\
Points of F1 / points of ready texts that each cause takes from a source: pages refused; pages with F1 below 0.5; wanted
blocks left out; unwanted blocks before, between and after the wanted ones; blocks that are partly wanted; text that
stands in no block; parts that our policies decide otherwise. *Perfect labels* is what the truth's own labels of our
blocks would reach."""
CAUSES = (
    "refused",
    "lost",
    "wanted out",
    "unwanted head",
    "unwanted inside",
    "unwanted after",
    "mixed",
    "absent",
    "policy",
)


@dataclass
class Losses:
    """What a source loses: points of F1 (0.01) and of ready texts, summed over its pages."""

    pages: int = 0
    f1: list[float] = field(default_factory=list)
    oracle: list[float] = field(default_factory=list)
    points: Counter[str] = field(default_factory=Counter)
    ready: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    """Points by direction and rule."""


def table(corpora: Path, by: str) -> str:
    """The losses of every source that has whole texts, as a Markdown table, and the rules that lose most."""
    names = annotated.sources(corpora)
    rows = [row for name in names for row in annotated.rows(corpora, name)]
    with ProcessPoolExecutor(2) as pool:
        examples = [e for e in pool.map(train.example, repeat(corpora), rows, chunksize=16) if e is not None]
        typed = [p for p in pool.map(train.typed_page, repeat(corpora), rows, chunksize=16) if p is not None]
        fold = _fold(by)
        blocks = [
            train.fit([e for e in examples if train.is_training(e) and fold(e.row) != n]) for n in range(FOLDS[by])
        ]
        learnt = [p for p in typed if p.row["source"] in annotated.TRAINING]
        pages = [train.fit_pages([p for p in learnt if fold(p.row) != n]) for n in range(FOLDS[by])]
        judged = [e for e in examples if e.row.get("body") and annotated.group(e.row) == e.row["source"]]
        models = (pages[fold(e.row)] for e in judged)
        refused = pool.map(is_refused, repeat(corpora), [e.row for e in judged], models, chunksize=16)
        losses: dict[str, Losses] = defaultdict(Losses)
        for example, is_out in zip(judged, refused, strict=True):
            is_body = train.decided(example, blocks[fold(example.row)], Focus.BALANCED)
            _add(losses[example.row["source"]], example, is_body, is_refused=is_out)
    return "\n\n".join((_by_source(losses), _by_rule(losses.values())))


def _fold(by: str) -> Callable[[annotated.Row], int]:
    if by == "source":
        return lambda row: domain_fold(row["source"], FOLDS[by])
    return train.fold


def is_refused(corpora: Path, row: annotated.Row, model: Forest) -> bool:
    """Whether a page is refused as no article, by a page-type model."""
    try:
        seen = examine(annotated.page(corpora, row))
        classify_page(seen.labelled, seen.metadata, seen.page.url, seen.text, DEFAULT, model=model)
    except PageRejected:
        return True
    return False


def _add(losses: Losses, example: train.Example, is_body: np.ndarray, *, is_refused: bool) -> None:
    """Add one page."""
    best = np.where(np.isnan(example.shares), is_body, example.shares > 0.5)
    f1 = 0.0 if is_refused else annotated.body_f1(example.row, example.text(is_body)) or 0.0
    losses.pages += 1
    losses.f1.append(f1)
    losses.oracle.append(annotated.body_f1(example.row, example.text(best)) or 0.0)
    parts = Counter({"refused": 1}) if is_refused else Counter({"lost": 1}) if f1 < LOST else divided(example, is_body)
    whole = sum(parts.values())
    for name, words in parts.items():
        cause, _, rule = name.partition(":")
        losses.points[cause] += (1 - f1) * words / whole
        losses.ready[cause] += (f1 < scoring.MIN_READY_F1) * words / whole
        losses.rules[f"{cause}: {rule}" if rule else cause] += (1 - f1) * words / whole


def divided(example: train.Example, is_body: Sequence[bool]) -> Counter[str]:
    """The words that are wrongly in the text or out of it, by ``cause:rule``."""
    found: Counter[str] = Counter()
    title = scoring.words(example.row.get("title"))
    wanted = [index for index, share in enumerate(example.shares) if share > 0.5]
    first, last = (wanted[0], wanted[-1]) if wanted else (0, 0)
    held = 0.0
    for index, (share, label) in enumerate(zip(example.shares, example.all_labels, strict=True)):
        words = scoring.words(example.texts[index])
        held += share * len(words)
        if is_body[index] and share < OUT:
            place = "head" if index < first else "after" if index > last else "inside"
            found[f"policy:{label.kind}" if label.kind in BY_POLICY else f"unwanted {place}:{label.rule}"] += len(words)
        elif not is_body[index] and share > IN and words != title:
            is_policy = authority(label) is Authority.POLICY
            found[f"policy:{label.kind}" if is_policy else f"wanted out:{label.rule}"] += len(words)
        elif OUT <= share <= IN:
            found["mixed"] += round(len(words) * (1 - share if is_body[index] else share))
    body = len(scoring.words(example.row["body"]))
    if body - held - len(title) > ABSENT * body:
        found["absent"] += round(body - held - len(title))
    return +found or Counter({"mixed": 1})


def _by_source(losses: dict[str, Losses]) -> str:
    lines = [
        f"| source | pages | F1/ready | perfect labels | {' | '.join(CAUSES)} |",
        f"|---|---|---|---|{'---|' * len(CAUSES)}",
    ]
    for source, found in losses.items():
        cells = [
            f"{100 * found.points[name] / found.pages:.2f}/{100 * found.ready[name] / found.pages:.1f}"
            for name in CAUSES
        ]
        lines.append(f"| {source} | {found.pages} | {_mean(found.f1)} | {_mean(found.oracle)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _mean(values: Sequence[float]) -> str:
    return f"{np.mean(values):.3f}/{np.mean([value >= scoring.MIN_READY_F1 for value in values]):.3f}"


def _by_rule(losses: Iterable[Losses], most: int = 25) -> str:
    """The causes and rules that lose most, as points of F1 a page of all sources."""
    found, pages = Counter[str](), 0
    for source in losses:
        found.update(source.rules)
        pages += source.pages
    lines = [f"| {name} | {100 * value / pages:.2f} |" for name, value in found.most_common(most)]
    return "\n".join(("| cause and rule | points |", "|---|---|", *lines))
