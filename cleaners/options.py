"""Every choice a user can make about cleaning, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Limits and thresholds of :func:`cleaners.clean`."""

    max_bytes: int = 10_000_000
    """Largest page body in bytes. The largest of 4,500 real news pages measured has 4.6 MB; twice that is no article."""
    max_elements: int = 100_000
    """Most elements a page may have. The 4,500 pages' 99.9th percentile is 15,000: beyond 100,000 it is a data dump."""
    focus: str = "balanced"
    """``precision``, ``balanced`` or ``recall``: how sure the learnt labeller must be that a block is article."""
    with_evidence: bool = False
    """Write into each article where its metadata came from."""
    min_text: int = 200
    """Fewest characters of body text when the page does not say that it is an article: shorter ones were page furniture."""
    min_article_text: int = 60
    """Fewest characters when its metadata says it is an article: a one-sentence brief."""

    def __post_init__(self) -> None:
        if self.focus not in FOCUSES:
            raise ValueError(f"focus '{self.focus}': expected one of {', '.join(FOCUSES)}")


FOCUSES = ("precision", "balanced", "recall")

DEFAULT = Options()
