"""Names in the log what blocks the event loop: while it is blocked, nothing is fetched and no signal is answered."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

logger = logging.getLogger("copydesk")

BEAT_SECONDS = 0.5
"""Seconds between two heartbeats of the event loop, and between two checks for them."""

BLOCKED_SECONDS = 5.0
"""Seconds without a heartbeat after which the loop counts as blocked; its longest task parses a large feed in 2 s."""

CALLERS = 4
"""Functions that are named, the innermost first."""


class LoopWatch:
    """A thread that notices when the event loop is blocked, and logs the functions that it is in."""

    def __init__(self) -> None:
        self._beaten = time.monotonic()
        self._loop_thread = threading.get_ident()
        self._ended = threading.Event()
        self._beating: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Watch from the start of the spider to its end."""
        watch = cls()
        crawler.signals.connect(watch.spider_opened, signals.spider_opened)
        crawler.signals.connect(watch.spider_closed, signals.spider_closed)
        return watch

    def spider_opened(self) -> None:
        """Begin."""
        self._loop_thread, self._beaten = threading.get_ident(), time.monotonic()
        self._beating = asyncio.ensure_future(self._beat())
        threading.Thread(target=self._watch, name="loop-watch", daemon=True).start()

    def spider_closed(self) -> None:
        """End."""
        self._ended.set()
        if self._beating is not None:
            self._beating.cancel()

    async def _beat(self) -> None:
        while True:
            self._beaten = time.monotonic()
            await asyncio.sleep(BEAT_SECONDS)

    def _watch(self) -> None:
        while not self._ended.wait(BEAT_SECONDS):
            last = self._beaten
            if (blocked := time.monotonic() - last) >= BLOCKED_SECONDS:
                logger.warning("the crawl stands still for %.0f s: %s", blocked, self._where())
                while self._beaten == last and not self._ended.wait(BEAT_SECONDS):
                    pass
                logger.warning("the crawl goes on after %.0f s", time.monotonic() - last)

    def _where(self) -> str:
        """The functions in which the thread of the event loop is."""
        frame = sys._current_frames().get(self._loop_thread)  # noqa: SLF001  its documented name
        return ", called by ".join(format_frame(caller) for caller in callers(frame)) or "nowhere"


def callers(frame: FrameType | None) -> list[FrameType]:
    """The innermost functions of a thread."""
    frames: list[FrameType] = []
    while frame is not None and len(frames) < CALLERS:
        frames.append(frame)
        frame = frame.f_back
    return frames


def format_frame(frame: FrameType) -> str:
    """A function for the log."""
    path = Path(frame.f_code.co_filename)
    return f"{frame.f_code.co_qualname} ({path.parent.name}/{path.name}:{frame.f_lineno})"
