"""One evaluation: all pages cleaned and scored, and compared with other predictions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaners.types import Page
from cleaners.workers.pool import Pool
from crawler.quality.annotated import Annotated
from crawler.quality.evaluate import (
    HIGHER_IS_BETTER,
    Figure,
    PageScores,
    Prediction,
    PredictionsError,
    Summary,
    difference,
    score,
    summarise,
)


class Rival(NamedTuple):
    """The predictions of another extractor, and the difference of ours from them."""

    name: str
    summaries: Sequence[Summary]
    differences: Sequence[tuple[str, str, Figure]]
    """Source, name of the figure, and its mean difference: ours less theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The summaries of all sources, and the pages with the lowest F1."""

    summaries: Sequence[Summary]
    worst: Sequence[tuple[PageScores, Annotated]]
    """Pages with the lowest F1, lowest first."""
    rival: Rival | None = None


def evaluate(
    pages: Iterable[Annotated],
    pool: Pool,
    *,
    worst: int,
    others: Mapping[tuple[str, str], Prediction] | None = None,
    name: str = "",
) -> Evaluation:
    """Clean and score pages.

    Args:
        pages: the annotated pages; only those in flight and the worst ones are held in memory.
        pool: cleans them.
        worst: number of pages that are kept as the worst.
        others: other predictions, by source and id; None to compare with nothing.
        name: name of the others.

    Raises:
        PredictionsError: when the other predictions include none of the pages.
    """
    ours: list[PageScores] = []
    theirs: list[PageScores] = []
    worst_pages: list[tuple[PageScores, Annotated]] = []
    waiting: deque[Annotated] = deque()

    def given() -> Iterator[Page]:
        for annotated_page in pages:
            waiting.append(annotated_page)
            yield annotated_page.page

    for _, page_result in pool.map(given()):
        annotated = waiting.popleft()
        mine = score(annotated.row, Prediction.of(page_result.result))
        ours.append(mine)
        if their := (others or {}).get((mine.source, mine.id)):
            theirs.append(score(annotated.row, their))
        if "f1" in mine.figures:
            worst_pages.append((mine, annotated))
            worst_pages.sort(key=lambda pair: pair[0].figures["f1"])
            del worst_pages[worst:]
    if others is not None and not theirs:
        raise PredictionsError(f"{name}: it has a prediction for none of these pages, by source and id")
    rival = None if others is None else _rival(f"{name}: {len(theirs)} of {len(ours)} pages", ours, theirs)
    return Evaluation(summaries=summarise(ours), worst=worst_pages, rival=rival)


def _rival(name: str, ours: Sequence[PageScores], theirs: Sequence[PageScores]) -> Rival:
    summaries = summarise(theirs)
    differences = []
    for summary in summaries:
        of_source = [page for page in ours if summary.source in (page.source, "all")]
        means = ((figure, difference(of_source, theirs, figure)) for figure in HIGHER_IS_BETTER)
        differences += [(summary.source, figure, mean) for figure, mean in means if mean is not None]
    return Rival(name=name, summaries=summaries, differences=differences)
