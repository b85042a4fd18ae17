"""Copydesk's cleaner: turns a fetched page into an article, or into a rejection with its reason.

It uses no network, no clock and no Scrapy.
"""

from typing import TYPE_CHECKING

from cleaners.context import CleanContext
from cleaners.options import Focus, Options
from cleaners.site import SiteKnowledge
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


def __getattr__(name: str) -> object:
    """Load the pipeline on first use (PEP 562): a crawl starts 0.3 s faster, since only its workers need it."""
    if name in ("clean", "examine"):
        from cleaners import pipeline  # noqa: PLC0415

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
