"""The evaluation page: figures by source, and the worst pages with their differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from cleaners.context import CleanContext
from cleaners.explain import BlockDecision, Explanation, explain_examined
from cleaners.learn_rules import LabelledExample
from cleaners.pipeline import examine
from cleaners.types import BODY_KINDS, BlockKind, Label, PageRejected
from crawler.presentation.html.inspect_page import Comparison, inspect_page
from crawler.presentation.html.page import render, write_page
from crawler.quality.annotated import Annotated
from crawler.quality.confidences import HEADINGS
from crawler.quality.evaluate import MEANS, Evaluation, PageScores
from crawler.util import count_noun


class WorstPage(NamedTuple):
    """A page that differs much from its truth."""

    scores: PageScores
    file: str
    """Name of its inspect page, in the same folder; empty for a page that could not be read."""
    title: str


def write_evaluation(folder: Path, evaluation: Evaluation, below: Sequence[str], context: CleanContext) -> Path:
    """Write the page of an evaluation, and an inspect page of each of the worst pages, into a folder, which is made.

    Args:
        folder: where the pages are written.
        evaluation: the evaluation.
        below: the figures that are below their floors.
        context: with which the pages were cleaned.

    Returns:
        The path of the page.

    Raises:
        OSError: when a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shown = [
        _write_worst(folder, f"worst-{number}.html", scored_page, context)
        for number, scored_page in enumerate(evaluation.worst, 1)
    ]
    path = folder / "index.html"
    names = [name for name in MEANS if any(name in summary.figures for summary in evaluation.summaries)]
    is_exact = all(worst_page.scores.figures.get("f1") == 1 for worst_page in shown)
    exact = count_noun(sum(summary.pages for summary in evaluation.summaries), "page") if is_exact and shown else ""
    page = render(
        "evaluation.html",
        "tables.js",
        evaluation=evaluation,
        names=names,
        worst=shown,
        below=below,
        exact=exact,
        headings=HEADINGS,
        calibration=[(one.source, one.confidence) for one in evaluation.summaries if one.confidence is not None],
    )
    write_page(path, page)
    return path


def _write_worst(
    folder: Path, name: str, scored_page: tuple[PageScores, Annotated], context: CleanContext
) -> WorstPage:
    """Write the inspect page of a page, compared with its annotators' text."""
    scores, (row, page) = scored_page
    title = str(row.get("title") or row["id"])
    try:
        examined = examine(page, context)
    except PageRejected:
        return WorstPage(scores, "", title)
    explanation = explain_examined(examined, context, with_features=True)
    example = LabelledExample.of(str(row["id"]), examined, str(row["body"]))
    is_text = [kind in BODY_KINDS for kind in example.kinds]
    other = Comparison(name="the annotators' text", explanation=as_annotated(explanation, is_text))
    write_page(folder / name, inspect_page(explanation, other))
    return WorstPage(scores, name, title)


def as_annotated(explanation: Explanation, is_text: Sequence[bool]) -> Explanation:
    """The explanation with the labels of the annotators: which blocks are text."""
    pairs = zip(explanation.blocks, is_text, strict=True)
    return replace(
        explanation, blocks=tuple(replace(block, label=_label(block, is_body=wanted)) for block, wanted in pairs)
    )


def _label(block: BlockDecision, *, is_body: bool) -> Label:
    if is_body == block.label.is_body:
        return block.label
    return Label(kind=BlockKind.PARAGRAPH if is_body else BlockKind.OTHER, rule="annotated", score=1.0)
