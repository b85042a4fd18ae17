"""One evaluation: all pages cleaned and scored, and compared with other predictions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaners.types import Page
from cleaners.workers.pool import Pool
from crawler.evaluation.evaluate import (
    HIGHER,
    Figure,
    PageScores,
    Prediction,
    PredictionsError,
    Summary,
    difference,
    score,
    summarise,
)
from crawler.inputs.annotated import Annotated


class Rival(NamedTuple):
    """Other predictions, and how much better ours are."""

    name: str
    found: Sequence[Summary]
    differences: Sequence[tuple[str, str, Figure]]
    """Source, name of the figure, and its mean difference: ours less theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The figures of all sources, and the pages that differ most from their truth."""

    found: Sequence[Summary]
    worst: Sequence[tuple[PageScores, Annotated]]
    """The worst first."""
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
        pages: the pages and their truth; only those in flight are in memory, and the worst.
        pool: cleans them.
        worst: number of pages that are kept as the worst.
        others: other predictions, by source and id; None to compare with nothing.
        name: name of the others.

    Raises:
        PredictionsError: where the others have none of the pages.
    """
    ours: list[PageScores] = []
    theirs: list[PageScores] = []
    kept: list[tuple[PageScores, Annotated]] = []
    waiting: deque[Annotated] = deque()

    def given() -> Iterator[Page]:
        for one in pages:
            waiting.append(one)
            yield one.page

    for _, found in pool.map(given()):
        one = waiting.popleft()
        mine = score(one.row, Prediction.of(found.result))
        ours.append(mine)
        if their := (others or {}).get((mine.source, mine.id)):
            theirs.append(score(one.row, their))
        if "f1" in mine.figures:
            kept.append((mine, one))
            kept.sort(key=lambda pair: pair[0].figures["f1"])
            del kept[worst:]
    if others is not None and not theirs:
        raise PredictionsError(f"{name}: it has a prediction for none of these pages, by source and id")
    rival = None if others is None else _rival(f"{name}: {len(theirs)} of {len(ours)} pages", ours, theirs)
    return Evaluation(found=summarise(ours), worst=kept, rival=rival)


def _rival(name: str, ours: Sequence[PageScores], theirs: Sequence[PageScores]) -> Rival:
    found = summarise(theirs)
    differences = []
    for one in found:
        of_source = [page for page in ours if one.source in (page.source, "all")]
        means = ((figure, difference(of_source, theirs, figure)) for figure in HIGHER)
        differences += [(one.source, figure, mean) for figure, mean in means if mean is not None]
    return Rival(name=name, found=found, differences=differences)
