"""Why a page is fetched: a value that travels with its request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaners.types import Article
from crawler.config.sources import Source
from crawler.ledger.types import FetchRecord
from crawler.listings.types import News

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

PRIORITY = {"start": 30, "next": 20, "article": 10, "feed": 6, "sitemap": 5, "section": 0}
"""Order of requests: begun articles are finished first, then new ones; listings are asked when nothing else waits."""

LISTS = ("feed", "sitemap")
"""Roles of what lists articles and is none."""
PAGES = ("section", "article", "next", "feed")
"""Roles of what is no larger than a page; a source may be a sitemap."""


def bounds(role: str, settings: BaseSettings) -> dict[str, int]:
    """The most bytes of an answer, as Scrapy reads it of a request's ``meta``."""
    return {"download_maxsize": settings.getint("PAGE_MAXSIZE" if role in PAGES else "DOWNLOAD_MAXSIZE")}


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlContext:
    """Why a page is fetched; travels with its request."""

    source: Source
    role: str
    """``start``, ``section``, ``feed``, ``sitemap``, ``article`` or ``next`` (page of an article)."""
    asked: str = ""
    """The address as the ledger knows it: before redirects, of the article's first page."""
    depth: int = 0
    """Steps from the source: sections below sections, sitemaps below indexes."""
    news: News | None = None
    """What a Google News sitemap says of the article."""
    parts: tuple[Article, ...] = ()
    """Pages of the article read so far."""
    answer: FetchRecord | None = None
    """What the ledger is told of the article's first page."""
