"""What blocks the event loop is named in the log."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import pytest

from crawler.fetching import loop_watch
from crawler.fetching.loop_watch import LoopWatch


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_watch, "BEAT_SECONDS", 0.02)
    monkeypatch.setattr(loop_watch, "BLOCKED_SECONDS", 0.3)


def watched(work: Callable[[], object], *, then: float = 0.2) -> None:
    async def run() -> None:
        watch = LoopWatch()
        watch.spider_opened()
        await asyncio.sleep(0.1)
        work()
        await asyncio.sleep(then)
        watch.spider_closed()

    asyncio.run(run())


def a_hog(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def test_what_blocks_is_named_while_it_does_and_its_end_is_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "copydesk")
    watched(lambda: a_hog(1.0))
    first, last = [record.getMessage() for record in caplog.records]
    assert first.startswith("the crawl stands still for 0 s: a_hog (fetching/test_loop_watch.py:")
    assert ", called by " in first
    assert last == "the crawl goes on after 1 s"


@pytest.mark.parametrize("work", [lambda: None, lambda: a_hog(0.05), lambda: time.sleep(0.1)])
def test_what_is_short_is_not_named(caplog: pytest.LogCaptureFixture, work: Callable[[], object]) -> None:
    watched(work)
    assert caplog.records == []
