"""How a crawl ended: which sources failed and why, whether the output failed, and the exit status."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from enum import IntEnum
from typing import TYPE_CHECKING, Self

from scrapy import Spider, signals
from twisted.python.failure import Failure

from cleaners.types import Article, Rejection
from crawler.ledger.types import LedgerError
from crawler.reasons import in_words
from crawler.signals import disk_failed, item_written, workers_failed
from crawler.util import count_noun

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger("copydesk")


class ExitStatus(IntEnum):
    """Exit statuses of the commands."""

    OK = 0
    FAILED = 1
    """The crawl did not start, or a callback failed: the log has the traceback. Please report it as a bug."""
    USAGE = 2
    """Arguments, settings or a sources file that are not valid (as argparse does)."""
    UNREACHABLE = 3
    """A source could not be read; the articles of the other sources are kept."""
    OUTPUT = 4
    """An output could not be written."""
    DEGRADED = 5
    """The yield of a site is far below that of its own earlier runs."""
    INTERRUPTED = 130
    """The crawl was stopped by a signal, as shells report Ctrl-C. What was written is complete; the rest is pending."""
    LEDGER = 6
    """The ledger cannot be used."""
    LOCKED = 75
    """Another run uses the same ledger or output (EX_TEMPFAIL of sysexits.h: try again later)."""


class RunStatus:
    """Collects failures, logs each in one line, and logs a summary at the end of the crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.failed_sources: dict[str, str] = {}
        self.failed_output: str | None = None
        self.failed_disk: str | None = None
        self.is_busy = False
        """True where another run used the ledger."""
        self.degraded: list[str] = []
        self.duplicates = 0
        """Number of URLs whose article is known at another URL."""
        self.ended_by = ""
        """Why the crawl ended, in Scrapy's words: ``finished``, ``shutdown``, …; empty until it ends."""
        self.source_count = 1
        """Number of sources of the crawl."""
        self.callback_errors = 0
        self.failed_workers = False
        self.articles = 0
        self.rejections: Counter[str] = Counter()
        self._closing: list[asyncio.Task[None]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connect to the signals for items, errors and the end of the crawl."""
        outcome = cls(crawler)
        crawler.signals.connect(outcome.item_written, item_written)
        crawler.signals.connect(outcome.spider_error, signals.spider_error)
        crawler.signals.connect(outcome.spider_closed, signals.spider_closed)
        crawler.signals.connect(outcome.disk_failed, disk_failed)
        crawler.signals.connect(outcome.workers_failed, workers_failed)
        return outcome

    @staticmethod
    def of(crawler: Crawler) -> RunStatus | None:
        """The outcome of a crawl; None where the extension is switched off, or the crawl ended before it began."""
        try:
            return crawler.get_extension(RunStatus)
        except RuntimeError:  # Scrapy's, when it has built no extensions
            return None

    @property
    def exit_status(self) -> ExitStatus:
        """Exit status of the process: the most serious of all that was wrong.

        A degraded site is more serious than a source that cannot be read, since its articles look valid. Where no
        source could be read, that takes precedence.
        """
        if self.is_busy:
            return ExitStatus.LOCKED
        if self.failed_output or self.failed_disk:
            return ExitStatus.OUTPUT
        if self.callback_errors or self.failed_workers:
            return ExitStatus.FAILED
        if self.ended_by == "shutdown":
            return ExitStatus.INTERRUPTED
        if self.degraded and len(self.failed_sources) < self.source_count:
            return ExitStatus.DEGRADED
        return ExitStatus.UNREACHABLE if self.failed_sources else ExitStatus.OK

    @property
    def is_quiet(self) -> bool:
        """True for a run without errors, articles and rejected pages."""
        return (
            not (self.articles or self.rejections or self.failed_sources or self.callback_errors)
            and self.exit_status == 0
        )

    def source_failed(self, url: str, reason: str) -> None:
        """A source could not be read at all."""
        self.failed_sources[url] = reason
        self.crawler.stats.inc_value("source/failed_count")
        logger.error("source failed: %s: %s", url, reason)

    def output_failed(self, reason: str) -> None:
        """The output cannot be written: stop the crawl, since fetched articles would be lost."""
        if self.failed_output:
            return
        self.failed_output = reason
        self.crawler.stats.inc_value("output/failed_count")
        logger.error("output failed: %s; the lines written before are complete", reason)
        self._close("output_failed")

    def disk_failed(self, reason: str) -> None:
        """Pending requests cannot be stored: stop the crawl, and write the fetched articles."""
        if self.failed_disk is None:
            self.failed_disk = reason
            logger.error("the crawl ends early: %s", reason)
            self._close("disk_failed")

    def ledger_busy(self, reason: str) -> None:
        """Another run uses the ledger."""
        self.is_busy = True
        logger.error("the crawl ends: %s", reason)

    def workers_failed(self, reason: str) -> None:
        """The cleaning workers cannot be started."""
        if not self.failed_workers:
            self.failed_workers = True
            logger.error("the cleaning workers cannot be started: %s", reason)

    def _close(self, reason: str) -> None:
        self._closing.append(asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason)))

    def spider_error(self, failure: Failure) -> None:
        """Count a callback's exception, which Scrapy has logged; end the crawl where it is a ledger error."""
        if isinstance(failure.value, LedgerError):
            self.output_failed(str(failure.value))
        else:
            self.callback_errors += 1

    def item_written(self, item: Article | Rejection) -> None:
        """Count articles, and rejections by reason."""
        if isinstance(item, Article):
            self.articles += 1
        else:
            self.rejections[item.reason] += 1

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Log a summary in one line."""
        self.ended_by = reason
        logger.info("%s; ended: %s", summary(self.articles, self.rejections, self.duplicates), reason)


def summary(articles: int, rejections: Counter[str], duplicates: int = 0) -> str:
    """The number of articles, of rejected pages by reason, and of duplicates, in words."""
    reasons = in_words(sorted(rejections.items()))
    rejected = f"{count_noun(rejections.total(), 'page')} rejected{f' ({reasons})' if reasons else ''}"
    copies = f", {count_noun(duplicates, 'duplicate')}" if duplicates else ""
    return f"{count_noun(articles, 'article')}, {rejected}{copies}"
