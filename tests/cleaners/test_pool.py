"""Workers: what one page does harms no other."""

from __future__ import annotations

import os
import time

import pytest

from cleaners import Article, Page, Rejection
from cleaners import reading as reading_module
from cleaners.pool import Pool, settled
from tests.cleaners.pages import page, story


def test_order_is_kept_and_rejections_pass_through() -> None:
    gone = Rejection(url="file:///gone", stage="read", reason="unreadable", detail="x", fetched_at=None)
    entries = [page(story(), f"http://news.example/{n}") for n in range(20)]
    entries.insert(3, gone)
    with Pool(2) as pool:
        found = list(pool.map(entries))
    assert [entry for entry, _ in found] == entries
    assert found[3][1].result == gone
    assert all(isinstance(reading.result, Article) for entry, reading in found if isinstance(entry, Page))


def spring(action: str) -> bytes:
    if action == "hang":
        time.sleep(60)
    elif action == "die":
        os._exit(7)
    elif action == "raise":
        raise RuntimeError("boom")
    return b""


@pytest.mark.parametrize(("action", "reason"), [("die", "crashed"), ("hang", "deadline")])
def test_a_worker_that_dies_or_hangs_costs_its_page_only(action: str, reason: str) -> None:
    with Pool(1, deadline=2.0) as pool:
        bad = pool._pool.schedule(spring, args=(action,), timeout=2.0)
        good = pool.submit(page(story()))
        refused = settled(wait(bad), page(story()), 2.0).result
        assert isinstance(refused, Rejection)
        assert (refused.stage, refused.reason) == ("worker", reason)
        assert isinstance(good.result(timeout=60).result, Article)


def test_an_exception_in_the_worker_is_data() -> None:
    with Pool(1) as pool:
        refused = settled(wait(pool._pool.schedule(spring, args=("raise",))), page(story()), 2.0).result
    assert isinstance(refused, Rejection)
    assert refused.detail == "RuntimeError: boom"


def wait(future):
    try:
        future.result(timeout=60)
    except Exception:  # noqa: BLE001  the future keeps it
        return future
    return future


def test_reading_is_what_the_pool_runs() -> None:
    with Pool(1) as pool:
        assert pool.submit(page(story())).result(timeout=60) == reading_module.read(page(story()))
