"""Why a page is fetched: a value that travels with its request."""

from __future__ import annotations

from dataclasses import dataclass

from cleaners.types import Article
from crawler.sources import Source

PRIORITY = {"start": 30, "next": 20, "article": 10, "sitemap": 5, "section": 0}
"""Order of requests: begun articles are finished first, then new ones; listings are asked when nothing else waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Why a page is fetched; travels with its request."""

    source: Source
    role: str
    """``start``, ``section``, ``sitemap``, ``article`` or ``next`` (page of an article)."""
    depth: int = 0
    """Steps from the source: sections below sections, sitemaps below indexes."""
    parts: tuple[Article, ...] = ()
    """Pages of the article read so far."""
