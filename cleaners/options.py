"""The user's options for cleaning, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Focus(StrEnum):
    """How sure the model must be that a block is body. The thresholds are in :mod:`cleaners.labels.model`."""

    PRECISION = "precision"
    BALANCED = "balanced"
    RECALL = "recall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Limits and thresholds of :func:`cleaners.clean`.

    Raises:
        ValueError: when ``focus`` is not a value of :class:`Focus`.
    """

    max_bytes: int = 10_000_000
    """Largest page body in bytes: twice the largest of 4,500 real news pages (4.6 MB)."""
    max_elements: int = 50_000
    """Most elements of a page: three times those of the largest of the 4,500 pages (15,793).

    Paragraphs and headings of this number take 8 s, less than a worker's deadline (docs/measurements.md).
    """
    focus: Focus = Focus.BALANCED
    """How sure the model must be that a block is body."""
    with_evidence: bool = False
    """Write the sources of the metadata into each article."""
    min_text: int = 200
    """Fewest characters of body text when the page declares no article type and has no publication date.

    Shorter texts were boilerplate.
    """
    min_article_text: int = 60
    """Fewest characters when it declares an article type or has a publication date: a one-sentence brief."""

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "focus", Focus(self.focus))
        except ValueError:
            raise ValueError(f"focus '{self.focus}': expected one of {', '.join(Focus)}") from None


DEFAULT = Options()
