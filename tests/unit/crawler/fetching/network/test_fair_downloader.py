"""Requests of hosts that hang take no place of others."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.utils.test import get_crawler

from crawler.fetching.network import fair_downloader
from crawler.fetching.network.fair_downloader import MOST_STALLED, STALLED_SECONDS, FairDownloader

TIMERS: list[float] = []
"""Delays after which the downloader wants to be asked again."""


@pytest.fixture
def downloader(monkeypatch: pytest.MonkeyPatch) -> FairDownloader:
    """A downloader for four requests at a time, whose clock stands."""
    monkeypatch.setattr(fair_downloader.time, "monotonic", lambda: 100.0)
    monkeypatch.setattr(fair_downloader, "call_later", lambda delay, look: TIMERS.append(delay))
    TIMERS.clear()
    return FairDownloader(get_crawler(settings_dict={"CONCURRENT_REQUESTS": 4}))


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_downloader.time, "monotonic", lambda: 100.0 + STALLED_SECONDS + 0.1)


def requests(count: int, start: int = 0) -> set[Request]:
    return {Request(f"http://host{number}.example/") for number in range(start, start + count)}


def test_four_that_hang_leave_room_for_four_others(downloader: FairDownloader, monkeypatch: pytest.MonkeyPatch) -> None:
    downloader.active = requests(4)
    assert downloader.needs_backout()
    assert [delay > STALLED_SECONDS for delay in TIMERS] == [True]  # nothing else happens while all hang
    later(monkeypatch)
    assert not downloader.needs_backout()
    downloader.active |= requests(4, start=4)
    assert downloader.needs_backout()


def test_hanging_requests_are_bounded(downloader: FairDownloader, monkeypatch: pytest.MonkeyPatch) -> None:
    downloader.active = requests(4 * (MOST_STALLED + 1))
    assert downloader.needs_backout()
    later(monkeypatch)
    assert downloader.needs_backout()
