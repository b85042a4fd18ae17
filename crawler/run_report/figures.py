"""Figures of a source's pages in one run: texts, what was removed, publication hours, speed, slow pages. No I/O."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from math import isqrt
from statistics import fmean

from cleaners.types import Article
from crawler.run_report.report_types import TextFigures, TimelineFigures

MAX_HOURS = 400
"""Maximum number of publication hours that are kept, the latest ones: 16 days. Only an archive has more."""

MAX_TITLES = 1_000
"""Maximum number of titles that are counted: one that a whole site has is among the first."""

MAX_STEPS = 60
"""Maximum number of steps of a timeline: the points that fit in a small chart."""

FIRST_STEP = 10
"""Seconds of a step at the start of a run."""

MAX_SLOW_PAGES = 5
"""Maximum number of slow pages in the report."""


class Timeline:
    """Responses and bytes by time since the start of a run. The length of a step doubles when there are too many."""

    def __init__(self) -> None:
        self.step = FIRST_STEP
        self._responses: list[int] = []
        self._bytes: list[int] = []

    def add(self, seconds: float, size: int) -> None:
        """Count a response of ``size`` bytes that was received ``seconds`` after the start."""
        while (index := int(max(0.0, seconds) / self.step)) >= MAX_STEPS:
            self.step *= 2
            self._responses, self._bytes = merge_steps(self._responses, 2), merge_steps(self._bytes, 2)
        missing = [0] * (index + 1 - len(self._responses))
        self._responses += missing
        self._bytes += missing
        self._responses[index] += 1
        self._bytes[index] += size

    @property
    def figures(self) -> TimelineFigures:
        """The timeline for the report."""
        return TimelineFigures(step=self.step, responses=self._responses, bytes=self._bytes)


class SiteFigures:
    """Figures of one source."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self._chars = 0
        self._confidences: list[float] = []
        self._lengths: Counter[int] = Counter()
        self._removed: Counter[str] = Counter()
        self._hours: Counter[str] = Counter()
        self._slowest: list[tuple[float, str]] = []
        self._titles: Counter[str] = Counter()

    def add_article(self, article: Article) -> None:
        """Count a written article."""
        self._chars += len(article.text)
        if article.title and (article.title in self._titles or len(self._titles) < MAX_TITLES):
            self._titles[article.title] += 1
        if article.text_confidence is not None:
            self._confidences.append(article.text_confidence)
        self._lengths[length_class(len(article.text))] += 1
        for removal in article.removed:
            self._removed[removal.kind] += len(removal.text)
        if article.published is not None and len(article.published) > len("2026-01-01"):
            self._hours[article.published[:13]] += 1
            if len(self._hours) > MAX_HOURS:
                del self._hours[min(self._hours)]

    @property
    def confidence(self) -> float | None:
        """The mean confidence in the texts; None without a text."""
        return round(fmean(self._confidences), 3) if self._confidences else None

    @property
    def same_title(self) -> int:
        """The number of articles with the commonest title."""
        return max(self._titles.values(), default=0)

    def add_response(self, seconds: float, size: int, latency: float, url: str) -> None:
        """Count a response: seconds since the start of the run, size in bytes, latency in seconds, and URL."""
        self.timeline.add(seconds, size)
        timed_url = (round(latency, 3), url)
        if len(self._slowest) < MAX_SLOW_PAGES:
            heapq.heappush(self._slowest, timed_url)
        else:
            heapq.heappushpop(self._slowest, timed_url)

    @property
    def text(self) -> TextFigures:
        """Characters and lengths of the texts."""
        lengths = {str(size): count for size, count in sorted(self._lengths.items())}
        return TextFigures(chars=self._chars, lengths=lengths)

    @property
    def removed(self) -> dict[str, int]:
        """Number of removed characters by kind, the most frequent kind first."""
        return dict(self._removed.most_common())

    @property
    def published(self) -> dict[str, int]:
        """Number of articles by hour of publication."""
        return dict(sorted(self._hours.items()))

    @property
    def slowest(self) -> list[tuple[float, str]]:
        """Latencies in seconds and URLs of the slowest responses, the slowest first."""
        return sorted(self._slowest, reverse=True)


def length_class(chars: int) -> int:
    """The lower bound of the class of a text's length: 1024, 1448, 2048 …; each is √2 times the one before."""
    if chars <= 0:
        return 0
    power = 1 << (chars.bit_length() - 1)
    middle = isqrt(2 * power * power)
    return middle if chars >= middle > power else power


def next_length_class(chars: int) -> int:
    """The lower bound of the class after one that begins at ``chars``."""
    if chars <= 0:
        return 1
    power = 1 << (chars.bit_length() - 1)
    middle = isqrt(2 * power * power)
    return middle if chars < middle else 2 * power


def merge_steps(values: Sequence[int], count: int) -> list[int]:
    """The values of steps that are ``count`` times as long."""
    return [sum(values[start : start + count]) for start in range(0, len(values), count)]
