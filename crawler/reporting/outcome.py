"""How a crawl ended: which sources failed and why, whether the output held, and the exit status that says so."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING, Self

from scrapy import Spider, signals

from cleaners.types import Article, Rejection

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger("copydesk")

OK = 0
FAILED = 1
"""The crawl did not start, or a part of it broke: the log has the traceback. To be reported."""
USAGE = 2
"""Arguments or a sources file that cannot be understood (as argparse does)."""
UNREACHABLE = 3
"""A source could not be read; what the others gave is kept."""
OUTPUT = 4
"""An output could not be written."""
DEGRADED = 5
"""A site gave far less than it gave in its own earlier runs."""
LEDGER = 6
"""The ledger cannot be used."""
LOCKED = 75
"""Another run works on the same ledger (EX_TEMPFAIL of sysexits.h: try again later)."""


class RunOutcome:
    """Collects what went wrong, tells it in one line each, and sums the crawl up at its end."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.failed_sources: dict[str, str] = {}
        self.failed_output: str | None = None
        self.degraded: list[str] = []
        self.broken = 0
        self.articles = 0
        self.rejections: Counter[str] = Counter()
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the crawl's items and its end."""
        outcome = cls(crawler)
        crawler.signals.connect(outcome.item_scraped, signals.item_scraped)
        crawler.signals.connect(outcome.spider_error, signals.spider_error)
        crawler.signals.connect(outcome.spider_closed, signals.spider_closed)
        return outcome

    @staticmethod
    def of(crawler: Crawler) -> RunOutcome | None:
        """The outcome of a crawl, or None where the extension is switched off."""
        return crawler.get_extension(RunOutcome)

    @property
    def exit_status(self) -> int:
        """Exit status of the process: the worst of what happened."""
        if self.failed_output:
            return OUTPUT
        if self.failed_sources:
            return UNREACHABLE
        if self.broken:
            return FAILED
        return DEGRADED if self.degraded else OK

    def source_failed(self, url: str, reason: str) -> None:
        """A source could not be read at all."""
        self.failed_sources[url] = reason
        self.crawler.stats.inc_value("source/failed_count")
        logger.error("source failed: %s: %s", url, reason)

    def output_failed(self, reason: str) -> None:
        """The output cannot be written: stop fetching what cannot be kept."""
        if self.failed_output:
            return
        self.failed_output = reason
        self.crawler.stats.inc_value("output/failed_count")
        logger.error("output failed: %s; what was written before is whole", reason)
        self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="output_failed"))

    def spider_error(self) -> None:
        """A callback broke; Scrapy has logged it."""
        self.broken += 1

    def item_scraped(self, item: object, spider: Spider) -> None:
        """Count articles, and rejections by reason."""
        if isinstance(item, Article):
            self.articles += 1
        elif isinstance(item, Rejection):
            self.rejections[item.reason] += 1

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """One line that sums up."""
        logger.info("%s; ended: %s", told(self.articles, self.rejections), reason)


def told(articles: int, rejections: Counter[str]) -> str:
    """How many articles came out, and how many rejections for which reasons."""
    reasons = ", ".join(f"{name} {count}" for name, count in sorted(rejections.items()))
    return f"{articles} articles, {rejections.total()} rejections{f' ({reasons})' if reasons else ''}"
