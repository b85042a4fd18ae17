"""The choices that a user makes about cleaning, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Focus(StrEnum):
    """How sure the model must be that a block is article: the thresholds are in :mod:`cleaners.labels.model`."""

    PRECISION = "precision"
    BALANCED = "balanced"
    RECALL = "recall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Limits and thresholds of :func:`cleaners.clean`.

    Raises:
        ValueError: for a ``focus`` that is none.
    """

    max_bytes: int = 10_000_000
    """Largest page body in bytes. The largest of 4,500 real news pages measured has 4.6 MB; twice that is no article."""
    max_elements: int = 100_000
    """Most elements of a page. The 99.9th percentile of the 4,500 pages is 15,000: beyond 100,000 it is a data dump."""
    focus: Focus = Focus.BALANCED
    """How sure the model must be that a block is article."""
    with_evidence: bool = False
    """Write into each article where its metadata came from."""
    min_text: int = 200
    """Fewest characters of body text when the page does not say that it is an article: shorter was page furniture."""
    min_article_text: int = 60
    """Fewest characters when its metadata says that it is an article: a one-sentence brief."""

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "focus", Focus(self.focus))
        except ValueError:
            raise ValueError(f"focus '{self.focus}': expected one of {', '.join(Focus)}") from None


DEFAULT = Options()
