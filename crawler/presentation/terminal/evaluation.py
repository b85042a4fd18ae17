"""An evaluation as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.presentation.terminal.lines import StyledLine
from crawler.quality.confidences import HEADINGS
from crawler.quality.evaluate import MEANS, Evaluation, Summary

SHOWN = tuple(name for name in MEANS if name != "f1")
"""Figures beside F1."""

HEAD = f"{'source':<20} {'pages':>5} {'F1 [95%]':>22} " + " ".join(f"{name:>9}" for name in SHOWN)


def lines(evaluation: Evaluation, below: Sequence[str]) -> Iterator[StyledLine]:
    """The figures of each source, those of other predictions with the differences, and what is below its floor."""
    yield StyledLine(HEAD, "bold")
    yield from _rows(evaluation.summaries)
    yield from _confidence(evaluation.summaries)
    if evaluation.rival is not None:
        yield StyledLine("")
        yield StyledLine(evaluation.rival.name, "bold")
        yield from _rows(evaluation.rival.summaries)
        yield StyledLine("")
        yield StyledLine("ours less theirs, on the same pages", "bold")
        for source, name, mean in evaluation.rival.differences:
            yield StyledLine(f"{source:<20} {name:<10} {mean.value:+.4f} [{mean.low:+.4f}, {mean.high:+.4f}]")
    for line in below:
        yield StyledLine(f"below its floor: {line}", "bold red")


def _confidence(summaries: Sequence[Summary]) -> Iterator[StyledLine]:
    """How well the confidence in the texts agrees with the truth: a table, and the diagram of all pages."""
    known = [(summary.source, summary.confidence) for summary in summaries if summary.confidence is not None]
    if not known:
        return
    yield StyledLine("")
    yield StyledLine(f"{'confidence':<20} " + " ".join(f"{name:>16}" for name in HEADINGS), "bold")
    for source, figures in known:
        yield StyledLine(f"{source:<20} " + " ".join(f"{cell:>16}" for cell in figures.cells()))
    yield StyledLine("")
    yield StyledLine("how often texts are ready (bar), by the confidence in them (mark)", "bold")
    yield from map(StyledLine, known[-1][1].diagram())


def _rows(summaries: Sequence[Summary]) -> Iterator[StyledLine]:
    for summary in summaries:
        f1 = summary.figures.get("f1")
        middle = f"{f1.value:.4f} [{f1.low:.3f}, {f1.high:.3f}]" if f1 else "–"
        cells = (f"{summary.figures[name].value:>9.3f}" if name in summary.figures else f"{'–':>9}" for name in SHOWN)
        yield StyledLine(f"{summary.source:<20} {summary.pages:>5} {middle:>22} {' '.join(cells)}")
        if summary.unwanted:
            kinds = ", ".join(f"{count} {kind}" for kind, count in summary.leaks.items()) or "none"
            yield StyledLine(f"{'':<20} leaks: {kinds}, of {summary.unwanted} unwanted segments", "dim")
