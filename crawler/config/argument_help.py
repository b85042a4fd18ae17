"""The arguments of ``scrapy crawl news``, for its help. Every command imports this module."""

from __future__ import annotations

HELP = {
    "site": "URLs or domains to crawl, with commas between: front pages, feeds, sitemaps, sections, articles",
    "sites": "a TOML file with a [[site]] table for each source",
    "only": "of these sources only those with these URLs",
    "since": "only articles from a date on (2026-11-01), or of the last hours, days or weeks (12h, 7d, 2w)",
    "sections": "only these sections, by their paths (world,business/markets)",
    "max_articles": "end after so many articles",
    "max_pages": "end after so many pages",
    "refresh": "all: fetch every known URL again, and write every article again",
    "rejections": "the file for pages that are no article (rejections.jsonl beside the output)",
}
"""What each argument is, for ``scrapy crawl news -h``."""
