"""Copydesk: the news crawler whose text needs no cleaning afterwards. ``from copydesk import clean``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaners import Article, CleanContext, Options, Page, Rejection, SiteKnowledge, clean

__all__ = ["Article", "CleanContext", "Options", "Page", "Rejection", "SiteKnowledge", "clean"]


def __getattr__(name: str) -> Any:
    """Load the cleaner on first use (PEP 562): ``import copydesk.crawler`` needs none of it."""
    if name in __all__:
        import cleaners as library  # noqa: PLC0415

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
