"""The progress of a crawl: one line that is updated on a terminal, log lines elsewhere."""

from __future__ import annotations

import logging
import sys
import time
from collections import deque
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.run_report.status import RunStatus

logger = logging.getLogger("copydesk")

TERMINAL_SECONDS = 0.5
"""Seconds between updates on a terminal."""

WINDOW = 60.0
"""Seconds over which the pace is measured: long enough that one slow response does not count, short enough to show a
change."""

CLEAR = "\r\x1b[K"
"""Go to the start of the line and clear it (ECMA-48)."""


def progress_line(*, pages: int, articles: int, rejections: int, waiting: int, pace: float) -> str:
    """The progress of a crawl at one moment; the remaining time counts only the requests that are known.

    Args:
        pages: responses.
        articles: written articles.
        rejections: rejected pages.
        waiting: requests that are scheduled and not sent yet; listings may add more.
        pace: pages per second over the last ``WINDOW`` seconds.
    """
    wait = f", {waiting} waiting" if waiting else ""
    eta = f", {span(waiting / pace)} or more" if waiting and pace else ""
    return f"{pages} pages ({pace:.1f}/s), {articles} articles, {rejections} rejections{wait}{eta}"


def span(seconds: float) -> str:
    """A time span in its two largest units."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3_600} h {whole % 3_600 // 60} min"


class Progress:
    """Writes the progress every half second on a terminal; elsewhere logs it every ``LOGSTATS_INTERVAL`` seconds."""

    def __init__(self, crawler: Crawler, interval: float, *, on_terminal: bool) -> None:
        self.crawler = crawler
        self.on_terminal = on_terminal
        self._samples: deque[tuple[float, int]] = deque()
        self._loop = create_looping_call(self.write_progress)
        self._interval = TERMINAL_SECONDS if on_terminal else interval

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the interval from ``LOGSTATS_INTERVAL``; 0 switches reports off."""
        settings = crawler.settings
        interval = settings.getfloat("LOGSTATS_INTERVAL")
        if not interval:
            raise NotConfigured
        is_seen = sys.stderr.isatty() and not settings.get("LOG_FILE") and settings.getbool("LOG_ENABLED")
        progress = cls(crawler, interval, on_terminal=is_seen)
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self) -> None:
        """Start to report; the pace counts from now."""
        self._samples.append((time.monotonic(), 0))
        if self.on_terminal:
            for handler in logging.getLogger().handlers:
                handler.addFilter(clear_progress_line)
        self._loop.start(self._interval, now=False)

    def spider_closed(self) -> None:
        """Stop, and clear the line on the terminal."""
        if self._loop.running:
            self._loop.stop()
        if self.on_terminal:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()

    def write_progress(self) -> None:
        """Write the current progress."""
        if self.on_terminal:
            sys.stderr.write(f"{CLEAR}{self.line()}")
            sys.stderr.flush()
        else:
            logger.info("%s", self.line())

    def line(self) -> str:
        """The progress now."""
        stats, outcome, now = self.crawler.stats, RunStatus.of(self.crawler), time.monotonic()
        pages = stats.get_value("response_received_count", 0)
        self._samples.append((now, pages))
        while self._samples[0][0] < now - WINDOW:
            self._samples.popleft()
        seconds = now - self._samples[0][0]
        queued = sum(len(slot.queue) for slot in self.crawler.engine.downloader.slots.values())
        return progress_line(
            pages=pages,
            articles=outcome.articles if outcome else 0,
            rejections=outcome.rejections.total() if outcome else 0,
            waiting=stats.get_value("scheduler/enqueued", 0) - stats.get_value("scheduler/dequeued", 0) + queued,
            pace=(pages - self._samples[0][1]) / seconds if seconds else 0.0,
        )


def clear_progress_line(record: logging.LogRecord) -> bool:  # noqa: ARG001  logging passes it
    """Clears the progress line before a log line is written to the terminal."""
    sys.stderr.write(CLEAR)
    return True
