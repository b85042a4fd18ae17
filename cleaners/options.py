"""The user's options for cleaning, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Focus(StrEnum):
    """How sure the model must be that a block is body. The thresholds are in :mod:`cleaners.labels.model`."""

    PRECISION = "precision"
    BALANCED = "balanced"
    RECALL = "recall"


class TextPart(StrEnum):
    """Parts of a page that some readers count in an article's text and others do not."""

    STANDFIRST = "standfirst"
    """The summary between headline and text; else it is only the description."""
    KEY_POINTS = "key_points"
    """A list before the first paragraph."""
    BYLINE = "byline"
    """The lines above the text that name its writers; else they are only the authors."""
    BOXES = "boxes"
    """Fact boxes; else they are only in ``boxes``."""
    EMBEDS = "embeds"
    """Embedded posts of social networks."""
    TABLES = "tables"
    """Rows of data tables."""


TEXT_PARTS = frozenset((TextPart.KEY_POINTS, TextPart.EMBEDS, TextPart.TABLES))
"""What the reporter wrote as part of the text; docs/cleaning.md argues each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Limits and thresholds of :func:`cleaners.clean`.

    Raises:
        ValueError: when ``focus`` is no :class:`Focus`, one of ``text_parts`` no :class:`TextPart`, or
            ``min_confidence`` no probability.
    """

    max_bytes: int = 10_000_000
    """Largest page body in bytes: twice the largest of 4,500 real news pages (4.6 MB)."""
    max_elements: int = 50_000
    """Most elements of a page: three times those of the largest of the 4,500 pages (15,793).

    A small page may have fewer: see :data:`cleaners.html.parse.BYTES_PER_ELEMENT`.
    """
    focus: Focus = Focus.BALANCED
    """How sure the model must be that a block is body."""
    text_parts: frozenset[TextPart] = TEXT_PARTS
    """Which of the parts that can be article or not are in the text."""
    with_evidence: bool = False
    """Write the sources of the metadata into each article."""
    with_markdown: bool = False
    """Write the text of each article as Markdown, too."""
    min_text: int = 200
    """Fewest characters of body text when the page declares no article type and has no publication date.

    Shorter texts were boilerplate.
    """
    min_article_text: int = 60
    """Fewest characters when it declares an article type or has a publication date: a one-sentence brief."""

    min_confidence: float = 0.0
    """Least confidence in a text, 0 to 1: pages below it are rejected as ``unsure``."""

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "focus", Focus(self.focus))
        except ValueError:
            raise ValueError(f"focus '{self.focus}': expected one of {', '.join(Focus)}") from None
        if not 0 <= self.min_confidence <= 1:
            raise ValueError(f"min_confidence {self.min_confidence}: expected a number from 0 to 1")
        for part in self.text_parts:
            if part not in tuple(TextPart):
                raise ValueError(f"text_parts '{part}': expected some of {', '.join(TextPart)}")
        object.__setattr__(self, "text_parts", frozenset(map(TextPart, self.text_parts)))


DEFAULT = Options()
