"""Copydesk's cleaner: a fetched page in, an article or a rejection with its reason out. No network, no clock, no Scrapy."""

from typing import TYPE_CHECKING, Any

from cleaners.context import CleanContext, SiteKnowledge
from cleaners.options import Focus, Options
from cleaners.types import Article, Image, Link, Page, Rejection, Removal

if TYPE_CHECKING:
    from cleaners.pipeline import clean, examine

__all__ = [
    "Article",
    "CleanContext",
    "Focus",
    "Image",
    "Link",
    "Options",
    "Page",
    "Rejection",
    "Removal",
    "SiteKnowledge",
    "clean",
    "examine",
]


def __getattr__(name: str) -> Any:
    """Load cleaning itself on first use (PEP 562): a crawl leaves it to its workers, and starts 0.3 s sooner without."""
    if name in ("clean", "examine"):
        from cleaners import pipeline  # noqa: PLC0415

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
