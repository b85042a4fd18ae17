"""How well the confidence in texts agrees with how often they are ready: the figures of a table, and a diagram. No I/O.

*AUC* is the probability that a ready text has more confidence than one that is not. *ECE* is the expected calibration
error: the mean difference, over ten intervals of equal width and weighted by their pages, between the confidence and
the share of ready texts (Naeini et al., AAAI 2015). *Surer half* is the share of ready texts among the half of the
pages with the most confidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, Self

HEADINGS = ("pages", "ready", "confidence", "AUC", "ECE", "surer half ready")
"""The columns of the table."""
BINS = 10
BAR = 40
"""Characters of the longest bar."""


class Bin(NamedTuple):
    """The pages whose confidence is in one interval."""

    pages: int
    confidence: float
    """The mean."""
    ready: float
    """The share of ready texts."""


class ConfidenceFigures(NamedTuple):
    """How well confidence and truth agree, on some pages."""

    pages: int
    ready: float
    """Share of ready texts."""
    confidence: float
    """The mean."""
    auc: float | None
    """None where all texts are ready, or none."""
    ece: float
    surer_half: float
    bins: tuple[Bin | None, ...]
    """None for an interval without pages."""

    @classmethod
    def of(cls, pairs: Sequence[tuple[float, bool]]) -> Self:
        """The figures of pages, each with its confidence and whether its text is ready; at least one."""
        bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
        for pair in pairs:
            bins[min(BINS - 1, int(pair[0] * BINS))].append(pair)
        found = tuple(_bin(part) if part else None for part in bins)
        surer = sorted(pairs, key=lambda pair: -pair[0])[: max(1, len(pairs) // 2)]
        whole = _bin(pairs)
        return cls(
            pages=len(pairs),
            ready=whole.ready,
            confidence=whole.confidence,
            auc=area_under_curve(pairs),
            ece=sum(one.pages * abs(one.confidence - one.ready) for one in found if one) / len(pairs),
            surer_half=_bin(surer).ready,
            bins=found,
        )

    def cells(self) -> Iterator[str]:
        """The values under :data:`HEADINGS`."""
        yield str(self.pages)
        yield f"{self.ready:.3f}"
        yield f"{self.confidence:.3f}"
        yield "–" if self.auc is None else f"{self.auc:.3f}"
        yield f"{self.ece:.3f}"
        yield f"{self.surer_half:.3f}"

    def diagram(self) -> Iterator[str]:
        """A reliability diagram: a line an interval, whose bar is the share of ready texts and whose mark its mean."""
        for number, one in enumerate(self.bins):
            name = f"{number / BINS:.1f}–{(number + 1) / BINS:.1f}"
            if one is None:
                yield f"{name} |{' ' * (BAR + 1)}|"
                continue
            bar = list("█" * round(one.ready * BAR) + " " * (BAR + 1 - round(one.ready * BAR)))
            bar[round(one.confidence * BAR)] = "◆"
            yield f"{name} |{''.join(bar)}| {one.ready:.2f} ready, {one.confidence:.2f} sure, {one.pages} pages"


def area_under_curve(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """The area under the receiver operating characteristic, by ranks (Mann and Whitney 1947); ties count half."""
    wins, below = 0.0, 0
    for _, tied in groupby(sorted(pairs), key=lambda pair: pair[0]):
        truths = [truth for _, truth in tied]
        positives, negatives = sum(truths), len(truths) - sum(truths)
        wins += positives * (below + negatives / 2)
        below += negatives
    positives = len(pairs) - below
    return wins / (positives * below) if positives and below else None


def _bin(pairs: Sequence[tuple[float, bool]]) -> Bin:
    return Bin(len(pairs), sum(value for value, _ in pairs) / len(pairs), sum(truth for _, truth in pairs) / len(pairs))
