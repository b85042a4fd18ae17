"""An evaluation: pages cleaned, scored against annotations, summed up by source, compared with other predictions."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from cleaners.types import Article, Page, Rejection
from cleaners.workers.pool import Pool
from crawler.files.line_files import DamagedLineError, json_lines
from crawler.quality import scores
from crawler.quality.annotated import Annotated, Row
from crawler.quality.confidences import ConfidenceFigures

SAMPLES = 1_000
"""Resamplings of a bootstrap interval (Efron 1979)."""

HIGHER_IS_BETTER = ("precision", "recall", "f1", "exact", "ready", "title", "date", "accepted")
"""Figures for which higher is better: means over the pages that have an annotation for them."""

REFUSED = "refused"
"""Share of the pages that are no articles, and were refused."""

LEAK = "leak"
"""Share of the unwanted segments that are in the texts: better when lower."""

MEANS = (*HIGHER_IS_BETTER, REFUSED)
"""Figures with an interval."""

FIGURES = (*MEANS, LEAK)
"""Names of all figures."""

SLACK = 0.001
"""How far a figure may be on the wrong side of its floor: the floors are rounded."""


class Prediction(NamedTuple):
    """The text and metadata predicted for a page."""

    text: str | None
    """None where it is no article."""
    title: str | None
    published: str | None
    confidence: float | None = None
    """Probability that the text is ready; None for predictions of others."""

    @classmethod
    def of(cls, result: Article | Rejection) -> Prediction:
        """The prediction of Copydesk's own result."""
        if isinstance(result, Rejection):
            return cls(None, None, None)
        return cls(result.text, result.title, result.published, result.text_confidence)


class PredictionLine(msgspec.Struct, frozen=True):
    """A line of a file of predictions."""

    source: str
    id: str | int
    text: str | None = None
    title: str | None = None
    published: str | None = None


class PredictionsError(ValueError):
    """A file of predictions or floors that cannot be read; the message names it and the line."""


def read_predictions(path: Path) -> dict[tuple[str, str], Prediction]:
    """The predictions in a file of JSON lines with ``source``, ``id``, ``text``, ``title`` and ``published``.

    Raises:
        PredictionsError: when it cannot be read.
    """
    try:
        return dict(_prediction(line.decode(), f"{path}, line {number}") for number, line in json_lines(path))
    except OSError as error:
        raise PredictionsError(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, DamagedLineError) as error:
        raise PredictionsError(f"{path}: {error}") from error


def read_floors(path: Path) -> dict[str, dict[str, float]]:
    """Floors by source and figure, from a JSON file.

    Raises:
        PredictionsError: when it cannot be read.
    """
    try:
        by_source = msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, float]])
    except OSError as error:
        raise PredictionsError(f"{path}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise PredictionsError(f"{path}: expected a JSON object: source → figure → floor: {error}") from error
    for source, floors in by_source.items():
        for name in floors:
            if name not in FIGURES:
                raise PredictionsError(f"{path}: {source}: no figure is called {name}; expected {', '.join(FIGURES)}")
    return by_source


def _prediction(line: str, place: str) -> tuple[tuple[str, str], Prediction]:
    try:
        entry = msgspec.json.decode(line, type=PredictionLine)
    except msgspec.MsgspecError as error:
        raise PredictionsError(f"{place}: expected a JSON object with source and id: {error}") from error
    return (entry.source, str(entry.id)), Prediction(entry.text or None, entry.title or None, entry.published or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScores:
    """Scores of one prediction; only the figures for which the page has an annotation."""

    source: str
    id: str
    figures: Mapping[str, float]
    """Values by name; the names are a subset of ``HIGHER_IS_BETTER``, or ``REFUSED`` alone."""
    unwanted: int
    """Segments that must not be in the text."""
    leaks: Counter[str] = field(default_factory=Counter)
    """Unwanted segments that are in the text, by kind; ``segment`` when the annotators give no kind."""
    confidence: float | None = None
    """As in the prediction."""


def score(row: Row, prediction: Prediction) -> PageScores:
    """The scores of one page. A page annotated as no article has only one score: whether it was refused."""
    text = prediction.text or ""
    is_article = prediction.text is not None
    if _is_other(row):
        return PageScores(source=row["source"], id=str(row["id"]), figures={REFUSED: float(not is_article)}, unwanted=0)
    figures = {"accepted": float(is_article)}
    if (pair := scores.body_words(row, text)) is not None:
        truth, ours = pair
        common = scores.common_length(truth, ours)
        figures |= {
            "precision": common / len(ours) if ours else 0.0,
            "recall": common / len(truth) if truth else 1.0,
            "exact": float(truth == ours),
        }
        figures["f1"] = 2 * common / (len(truth) + len(ours)) if truth or ours else 1.0
        figures["ready"] = float(figures["f1"] >= scores.MIN_READY_F1)
    for name, right in (
        ("title", scores.is_same_title(row, prediction.title)),
        ("date", scores.is_same_day(row, prediction.published)),
    ):
        if right is not None:
            figures[name] = float(right)
    unwanted = list(scores.unwanted(row))
    haystack = " ".join(scores.words(text))
    leaks = Counter(kind for kind, segment in unwanted if scores.contains(haystack, segment))
    return PageScores(
        source=row["source"],
        id=str(row["id"]),
        figures=figures,
        unwanted=len(unwanted),
        leaks=leaks,
        confidence=prediction.confidence,
    )


def _is_other(row: Row) -> bool:
    """True for a page that is no article."""
    return (row.get("page_type") or row.get("kind") or "article") != "article"


class Figure(NamedTuple):
    """A mean over pages and its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of one source."""

    source: str
    pages: int
    figures: Mapping[str, Figure]
    """By name; also ``refused``: share of the pages that are no articles, and were refused."""
    leaks: Mapping[str, int]
    """Unwanted segments in the texts, by kind."""
    unwanted: int
    confidence: ConfidenceFigures | None = None
    """How well the confidence in the texts agrees with the truth; None without a text that has both."""

    @property
    def leak(self) -> float | None:
        """The share of the unwanted segments that are in the texts."""
        return sum(self.leaks.values()) / self.unwanted if self.unwanted else None


def summarise(pages: Iterable[PageScores]) -> list[Summary]:
    """The summary of each source, sorted by name, then one of all pages when there are several sources."""
    by_source: defaultdict[str, list[PageScores]] = defaultdict(list)
    for page in pages:
        by_source[page.source].append(page)
    summaries = [_summary(source, of_source) for source, of_source in sorted(by_source.items())]
    if len(summaries) > 1:
        summaries.append(_summary("all", [page for of_source in by_source.values() for page in of_source]))
    return summaries


def _summary(source: str, pages: Sequence[PageScores]) -> Summary:
    figures = {}
    for name in MEANS:
        values = [page.figures[name] for page in pages if name in page.figures]
        if values:
            figures[name] = Figure(float(np.mean(values)), *interval(values))
    leaks: Counter[str] = Counter()
    for page in pages:
        leaks.update(page.leaks)
    pairs = [
        (page.confidence, bool(page.figures["ready"]))
        for page in pages
        if page.confidence is not None and "ready" in page.figures
    ]
    return Summary(
        source=source,
        pages=len(pages),
        figures=figures,
        leaks=leaks,
        unwanted=sum(page.unwanted for page in pages),
        confidence=ConfidenceFigures.of(pairs) if pairs else None,
    )


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95% bootstrap interval of a mean. The same values always give the same interval."""
    data = np.asarray(values, dtype=np.float64)
    drawn = np.random.default_rng(7).integers(0, len(data), size=(SAMPLES, len(data)))
    low, high = np.quantile(data[drawn].mean(axis=1), (0.025, 0.975))
    return float(low), float(high)


def difference(ours: Sequence[PageScores], theirs: Sequence[PageScores], name: str) -> Figure | None:
    """Mean difference of a figure over the pages in both, ours minus theirs; None without common pages."""
    other = {(page.source, page.id): page.figures for page in theirs}
    pairs = (
        (page.figures[name], other[page.source, page.id].get(name))
        for page in ours
        if name in page.figures and (page.source, page.id) in other
    )
    values = [mine - their for mine, their in pairs if their is not None]
    return Figure(float(np.mean(values)), *interval(values)) if values else None


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


def below_floors(summaries: Sequence[Summary], floors: Mapping[str, Mapping[str, float]]) -> list[str]:
    """The figures that are worse than their floors, a line each."""
    lines = []
    for summary in summaries:
        for name, floor in floors.get(summary.source, {}).items():
            value = summary.leak if name == LEAK else summary.figures[name].value if name in summary.figures else None
            if value is None:
                lines.append(f"{summary.source}: {name} has no value, floor {floor:.4f}")
                continue
            is_worse = value > floor + SLACK if name == LEAK else value < floor - SLACK
            if is_worse:
                lines.append(f"{summary.source}: {name} {value:.4f}, floor {floor:.4f}")
    sources = {summary.source for summary in summaries}
    return lines + [f"{source}: no page of it was evaluated" for source in floors if source not in sources]


def as_json(summaries: Sequence[Summary]) -> list[dict[str, object]]:
    """The summaries as JSON objects."""
    return [
        {
            "source": summary.source,
            "pages": summary.pages,
            **{name: dict(figure._asdict()) for name, figure in summary.figures.items()},
            "leaks": dict(summary.leaks),
            "unwanted": summary.unwanted,
            "confidence": summary.confidence._asdict() if summary.confidence else None,
        }
        for summary in summaries
    ]
