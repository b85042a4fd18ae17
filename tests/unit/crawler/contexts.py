"""Crawl contexts for tests."""

from __future__ import annotations

from crawler.context import CrawlContext
from crawler.types import DiscoveredUrl, Role, Source


def context(source: Source, role: str = "article", *, url: str = "http://a.example/", depth: int = 0) -> CrawlContext:
    """Why a page of a source is fetched."""
    return CrawlContext(source=source, target=DiscoveredUrl(url=url, role=Role(role), depth=depth))
